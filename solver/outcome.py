"""What a solve may take, and what it came to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from shardwright.solver.certify import Judgement, Pair
from shardwright.solver.result import Status
from shardwright.solver.tape import Tape


@dataclass(frozen=True)
class Limits:
    """Limits of one solve, on the monotonic clock: `deadline`, or `patience` while there is no answer.

    `tape` takes down, or follows, what the deadline makes of a list of conflicts.
    """

    deadline: float | None = None
    patience: float | None = None
    memory_limit_mb: int | None = None
    rule_limit: int | None = None
    tape: Tape | None = None


@dataclass(frozen=True)
class Outcome:
    """`status` is optimal, feasible, conflict or unknown. `bound` is in the units of the levels' costs.

    `stopped_by` names the limits that ended the solve, if any did. `judgement` is there if the placement
    has been certified already. `draft` is a placement that still breaks required rules.
    """

    status: Status
    placement: list[Pair] | None
    bound: tuple[int, ...]
    statistics: dict[str, Any]
    stopped_by: tuple[str, ...] = ()
    judgement: Judgement | None = None
    draft: list[Pair] | None = None
