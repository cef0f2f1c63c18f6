"""What a change of policies does to one cluster: both answers, and where they differ."""

from __future__ import annotations

from collections import Counter
from dataclasses import asdict, dataclass
from typing import Any

from shardwright.solver.result import Level, Move, Result

Json = dict[str, Any]


@dataclass(frozen=True)
class Impact:
    """The old policies' answer and the new ones', both from the snapshot's own placement.

    `only_old` and `only_new` are moves that only one of the answers makes. `stays` tells whether the old
    answer would still do (None where there is no old answer): no required rule of the new policies is broken.
    """

    old: Result
    new: Result
    stays: bool | None

    @property
    def only_old(self) -> list[Move]:
        return _beyond(self.old.moves, self.new.moves)

    @property
    def only_new(self) -> list[Move]:
        return _beyond(self.new.moves, self.old.moves)

    @property
    def levels(self) -> list[tuple[Level | None, Level | None]]:
        """Levels of the old and the new answer, side by side; None where one of them has no such level."""
        before = {(level.block, level.priority): level for level in self.old.levels}
        after = {(level.block, level.priority): level for level in self.new.levels}
        return [(before.get(key), after.get(key)) for key in sorted({*before, *after})]

    @property
    def matters(self) -> bool:
        """Whether this cluster shows a difference: another status or cost, or an answer that will not do."""
        costs = [(one and one.cost, other and other.cost) for one, other in self.levels]
        proven = self.old.status == self.new.status == "optimal"
        return (
            self.stays is False
            or {self.old.status, self.new.status} == {"optimal", "conflict"}
            or (proven and any(one != other for one, other in costs))
        )

    def to_json(self) -> Json:
        return {
            "old": _answer(self.old),
            "new": _answer(self.new),
            "old_answer_stays": self.stays,
            "moves": {"only_old": _moves(self.only_old), "only_new": _moves(self.only_new)},
            "levels": [_level(before, after) for before, after in self.levels],
        }


def _beyond(moves: list[Move], others: list[Move]) -> list[Move]:
    left = Counter(others)
    found = []
    for move in moves:
        if left[move]:
            left[move] -= 1
        else:
            found.append(move)
    return found


def _answer(result: Result) -> Json:
    return {
        "status": result.status,
        "moves": len(result.moves),
        "gave_up": [{"policy": item.policy, "rule": item.rule, "what": item.what} for item in result.gave_up],
        "conflicts": [asdict(conflict) for conflict in result.conflicts],
    }


def _moves(moves: list[Move]) -> list[Json]:
    return [{"shard": move.shard, "from": move.source, "to": move.target} for move in moves]


def _level(before: Level | None, after: Level | None) -> Json:
    known = before or after
    assert known is not None
    return {
        "block": known.block,
        "priority": known.priority,
        "old": _cost(before),
        "new": _cost(after),
    }


def _cost(level: Level | None) -> Json | None:
    if level is None:
        return None
    return {"policy": level.policy, "goal": level.goal, "cost": level.cost, "bound": level.bound}
