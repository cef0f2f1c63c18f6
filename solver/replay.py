"""A solve on record: enough to do it again, word for word, however fast the machine is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

# Where the strategy had found nothing when a limit came: today's placement stood in, or no answer.
Standing = Literal["today", "none"]


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
class Replay:
    """What the clock had decided: of a search, instead of a proposal, and the reasons that it had cut short.

    `reasons` are rules' cores that are not proven minimal, None where there was not even one. `trials` of
    repairs were made when the clock came, None if it did not.
    """

    search: Steps | None
    instead: Standing | None
    reasons: Mapping[int, list[int] | None]
    trials: int | None = None
    after: After | None = None

    @classmethod
    def of(cls, statistics: Mapping[str, Any]) -> Replay:
        """From the statistics of a result, as they are or read from JSON."""
        found = statistics.get("search")
        steps = found and Steps(found["seed"], found["steps"], tuple(found["pace"]), found["taken"])
        reasons = {int(rule): core for rule, core in statistics.get("cut_reasons", {}).items()}
        exact = statistics.get("then_exact")
        after = exact and After(tuple(exact["bound"]), tuple(exact["limits"]))
        return cls(steps, statistics.get("instead"), reasons, statistics.get("trials"), after)
