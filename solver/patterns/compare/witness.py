"""What a comparison found: the verdict on a change, and clusters to show it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from shardwright.solver.patterns.compare.changes import Change
from shardwright.solver.patterns.compare.trial import Judged, Placing
from shardwright.solver.patterns.compare.unplaced import Unplaced

Json = dict[str, Any]
STRICTER, LOOSER, PREFERS = "stricter", "looser", "prefers"


@dataclass(frozen=True)
class Witness:
    """A cluster on which the two sides differ, as the logic has found.

    `shows`: "stricter" (the old side allows the placement and the new one does not), "looser" (the reverse)
    or "prefers" (they rank `placing` and `second` differently). `old` and `new` are the sides' judgements.
    """

    shows: str
    snapshot: Json
    placing: Placing
    second: Placing | None
    old: Judged
    new: Judged
    ranks: tuple[str, str] | None = None

    def to_json(self) -> Json:
        return {
            "shows": self.shows,
            "cluster": self.snapshot,
            "placement": _document(self.placing),
            "second": None if self.second is None else _document(self.second),
            "old": _judged(self.old),
            "new": _judged(self.new),
            "ranks": None if self.ranks is None else {"old": self.ranks[0], "new": self.ranks[1]},
        }


def _document(placing: Placing) -> Json:
    return {shard: [{"node": node} for node in nodes] for shard, nodes in placing.items()}


def _judged(judged: Judged) -> Json:
    return {"admissible": judged.admissible, "gives_up": list(judged.words)}


@dataclass(frozen=True)
class Comparison:
    """`proof`: "forms" (the rules say the same: true of every cluster), "witness", or "bounded".

    "bounded" marks what was not proven: no cluster that was looked at shows more (`trials` of them).
    "undecided" is a change for which none of them shows any difference. `unplaced`: shards of changed rules
    of which nothing is seen, because no node may hold them before or after.
    """

    verdict: str
    proof: str
    changes: tuple[Change, ...]
    witnesses: tuple[Witness, ...]
    trials: int
    seconds: float
    unplaced: tuple[Unplaced, ...] = ()

    def to_json(self) -> Json:
        return {
            "verdict": self.verdict,
            "proof": self.proof,
            "changes": [change.to_json() for change in self.changes],
            "witnesses": [witness.to_json() for witness in self.witnesses],
            "unplaced": [one.to_json() for one in self.unplaced],
            "trials": self.trials,
            "timings": {"compare": round(self.seconds, 4)},
        }
