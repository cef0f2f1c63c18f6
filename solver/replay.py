"""A solve on record: enough to do it again, word for word, however fast the machine is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Literal

from shardwright.solver.tape import Entry

# Where the strategy had found nothing when a limit came: today's placement stood in, or no answer, or it was
# seen that there is none.
Standing = Literal["today", "none", "conflict"]


@dataclass(frozen=True)
class Steps:
    """The steps that were wanted, what the clock made of them (`Pace.record`), and those taken in the end."""

    seed: int
    steps: int
    pace: tuple[int, ...]
    taken: int


@dataclass(frozen=True)
class After:
    """What exact had shown of an answer that search had found before, and the limits that ended it."""

    bound: tuple[int, ...]
    stopped_by: tuple[str, ...]


@dataclass(frozen=True)
class Polish:
    """The rounds of polishing up to the last that gained anything, and the limits that ended it."""

    rounds: int
    workers: int
    stopped_by: tuple[str, ...]


@dataclass(frozen=True)
class Race:
    """How far exact's race had come when a limit ended it: which of a worker's messages counted last.

    Each worker says the same, message for message, wherever it runs; only the clock decides how many of them
    are heard. `strict`: in the attempt in which nothing is given up. `place` and `lower` are a worker and the
    count of its placements or bounds, None where none was heard; with no `place` only that first attempt was
    given up. `roam` is the cost that this worker began from. `proven`: the cost is, and only the placement
    was the clock's choice.
    """

    strict: bool
    place: tuple[str, int] | None = None
    lower: tuple[str, int] | None = None
    roam: tuple[int, ...] | None = None
    proven: bool = False

    @classmethod
    def of(cls, told: Mapping[str, Any]) -> Race:
        return cls(
            told["strict"],
            told["place"] and (told["place"][0], told["place"][1]),
            told["lower"] and (told["lower"][0], told["lower"][1]),
            None if told["roam"] is None else tuple(told["roam"]),
            told["proven"],
        )

    def told(self) -> dict[str, Any]:
        """As it stands in a result's statistics."""
        return asdict(self)


@dataclass(frozen=True)
class Replay:
    """What the clock had decided: of a search, instead of a proposal, and the reasons that it had cut short.

    `reasons` are rules' cores that are not proven minimal, None where there was not even one. `trials` of
    repairs were made when the clock came, None if it did not. `effort` is the race for the best effort,
    "none" where there was no time for any. `conflicts` is the tape of their list.
    """

    search: Steps | None
    instead: Standing | None
    reasons: Mapping[int, list[int] | None]
    trials: int | None = None
    after: After | None = None
    race: Race | None = None
    effort: Race | Literal["none"] | None = None
    conflicts: tuple[Entry, ...] | None = None
    polish: Polish | None = None

    @classmethod
    def of(cls, statistics: Mapping[str, Any]) -> Replay:
        """From the statistics of a result, as they are or read from JSON."""
        found = statistics.get("search")
        steps = found and Steps(found["seed"], found["steps"], tuple(found["pace"]), found["taken"])
        reasons = {int(rule): core for rule, core in statistics.get("cut_reasons", {}).items()}
        exact = statistics.get("then_exact")
        after = exact and After(tuple(exact["bound"]), tuple(exact["limits"]))
        polish = statistics.get("neighbourhoods")
        race, effort = statistics.get("race"), statistics.get("best_effort")
        return cls(
            steps,
            statistics.get("instead"),
            reasons,
            statistics.get("trials"),
            after,
            race and Race.of(race),
            "none" if effort == "none" else effort and Race.of(effort),
            None if (listed := statistics.get("conflicts")) is None else tuple(listed),
            polish and Polish(polish["rounds"], polish["workers"], tuple(polish["limits"])),
        )
