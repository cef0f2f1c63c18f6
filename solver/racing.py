"""Two workers race over one program, and what either learns counts for both.

`descend` finds good placements fast, `ascend` raises the lower bound from cores and so proves; `roam` goes on
where `descend` has come to its limit.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from shardwright.solver.bounds import ideal
from shardwright.solver.certify import Pair
from shardwright.solver.digits import Digits
from shardwright.solver.messages import Message
from shardwright.solver.outcome import Limits
from shardwright.solver.problem import LevelKey
from shardwright.solver.processes import WorkerFailed, Workers, failure
from shardwright.solver.program import Program
from shardwright.solver.progress import OnProgress, Progress
from shardwright.solver.replay import Race

HEAD_START = 0.5  # seconds that `descend` has for itself


@dataclass
class State:
    """What a race has shown. `canonical` is the first placement of `descend` at each cost, and `ascended` the
    first of `ascend`: each says the same on every computer.

    `said` counts what each worker has said; `place_from` and `lower_from` are the worker and the count of
    what made `place` and `lower`. `roam` is the cost from which that worker began. `known` is the cost of a
    placement that somebody else has.
    """

    lower: tuple[int, ...] = ()
    cost: tuple[int, ...] | None = None
    place: list[Pair] | None = None
    canonical: dict[tuple[int, ...], list[Pair]] = field(default_factory=dict)
    ascended: dict[tuple[int, ...], list[Pair]] = field(default_factory=dict)
    descending: bool = True
    ascending: bool = False
    proven: bool = False
    impossible: bool = False
    interrupted: bool = False
    statistics: dict[str, Any] = field(default_factory=dict)
    failures: list[WorkerFailed] = field(default_factory=list)
    known: tuple[int, ...] | None = None
    said: Counter[tuple[str, str]] = field(default_factory=Counter)
    place_from: tuple[str, int] | None = None
    lower_from: tuple[str, int] | None = None
    roam: tuple[int, ...] | None = None

    def race(self, strict: bool) -> Race:
        return Race(strict, self.place_from, self.lower_from, self.roam, self.settled)

    @property
    def settled(self) -> bool:
        return self.impossible or self.proven or (self.cost is not None and self.lower == self.cost)

    @property
    def confirmed(self) -> bool:
        """Whether nothing is better than what is known."""
        return self.known is not None and (
            self.lower == self.known or (self.proven and self.cost == self.known)
        )

    @property
    def final(self) -> bool:
        """Settled, and nothing more is to be waited for."""
        if self.confirmed:
            return True
        if not self.settled or self.impossible:
            return self.settled
        return self.cost in self.canonical or not (self.descending or self._to_come)

    @property
    def _to_come(self) -> bool:
        """Whether `ascend` will come to the cost that is proven."""
        return self.ascending and self.cost not in self.ascended

    @property
    def chosen(self) -> list[Pair] | None:
        """The placement that is the answer at the proven cost, whoever has proven it."""
        assert self.cost is not None
        return self.canonical.get(self.cost) or self.ascended.get(self.cost)


def raced(
    program: Program,
    workers: int,
    limits: Limits,
    on_progress: OnProgress | None,
    conflicts: int | None,
    known: tuple[int, ...] | None = None,
) -> State:
    state = State(lower=program.digits.in_program(counted(program.digits)), known=known)
    with Workers() as group:
        group.start("descend", program.contest("descend", conflicts=conflicts))
        try:
            for name, message in group.messages(
                lambda: limits.patience if state.cost is None else limits.deadline
            ):
                _learn(state, name, message, limits, on_progress)
                if state.final:
                    return state
                if name == "descend" and message.kind == "grounded" and workers > 1:
                    # Most programs are settled before the other worker would be of use.
                    state.ascending = True
                    group.start_later("ascend", program.contest("ascend", conflicts=conflicts), HEAD_START)
                if name == "descend" and message.kind == "done" and conflicts is None:
                    state.roam = state.cost
                    group.start("roam", program.contest("roam", state.roam))
        except KeyboardInterrupt:
            if state.cost is None:
                raise
            state.interrupted = True
    if state.failures and state.cost is None and not state.impossible:
        raise state.failures[0]
    return state


def counted(digits: Digits) -> dict[LevelKey, int]:
    """Bounds by counting, for a placement in which nothing is given up."""
    return ideal(digits.problem, counting=True) if digits.strict else {}


def _learn(state: State, name: str, message: Message, limits: Limits, on_progress: OnProgress | None) -> None:
    body = message.body
    state.said[name, message.kind] += 1
    source = name, state.said[name, message.kind]
    if message.kind == "model":
        cost = tuple(body["cost"])
        if state.cost is None or cost < state.cost:
            state.cost, state.place, state.place_from = cost, body["place"], source
        if name == "descend" and state.descending:
            state.canonical[cost] = body["place"]
        if name == "ascend":
            state.ascended[cost] = body["place"]
    elif message.kind == "bound":
        lower = tuple(body["lower"])
        if lower > state.lower:
            state.lower, state.lower_from = lower, source
    elif message.kind == "error":
        state.failures.append(failure(message, limits.memory_limit_mb))
    elif message.kind == "done":
        state.statistics[name] = body["statistics"]
        if body["exhausted"]:
            # A search that starts from a known cost may end without a placement of its own.
            state.proven = state.proven or body["satisfiable"] or state.cost is not None
            state.impossible = not state.proven
    if message.kind in ("done", "error"):
        state.descending = state.descending and name != "descend"
        state.ascending = state.ascending and name != "ascend"
    if on_progress is not None and message.kind in ("model", "bound"):
        on_progress(Progress(state.cost, state.lower))
