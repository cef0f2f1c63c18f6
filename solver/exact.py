"""Exact solving: clingo to the proven optimum, or the best answer and bound when a limit comes first.

Two workers race over one program: `descend` finds good placements fast, `ascend` raises the lower bound
from cores and so proves. What either learns counts for both.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from shardwright.solver.certify import ALL_UNITS, Pair, tolerance
from shardwright.solver.digits import Digits, digits_of
from shardwright.solver.facts import problem_facts
from shardwright.solver.logic import facts
from shardwright.solver.problem import Problem
from shardwright.solver.processes import WorkerFailed, Workers, failure
from shardwright.solver.messages import Job, Message

DECIDE = ("placement", "choose", "enforce", "minimize", "heuristic", "show")
HOMING = ("--heuristic=Domain",)
DESCEND = ("--opt-strategy=bb,lin", "--opt-heuristic=sign,model", "--restart-on-model", *HOMING)
ASCEND = ("--opt-strategy=usc,oll,stratify", *HOMING)


@dataclass(frozen=True)
class Limits:
    """Limits of one solve. `deadline` is on the monotonic clock."""

    deadline: float | None = None
    memory_limit_mb: int | None = None
    rule_limit: int | None = None


@dataclass(frozen=True)
class Progress:
    """What is known so far: costs of the best placement and lower bounds, level by level."""

    cost: tuple[int, ...] | None
    bound: tuple[int, ...]


@dataclass(frozen=True)
class Outcome:
    """`status` is optimal, feasible, conflict or unknown. `bound` holds for each level in the unit of its cost.

    `stopped_by` names the limits that ended the solve, if any did.
    """

    status: str
    placement: list[Pair] | None
    bound: tuple[int, ...]
    statistics: dict[str, Any]
    stopped_by: tuple[str, ...] = ()


OnProgress = Callable[[Progress], None]


@dataclass
class _State:
    cost: tuple[int, ...] | None = None
    place: list[Pair] | None = None
    lower: tuple[int, ...] = ()
    proven: bool = False
    impossible: bool = False
    statistics: dict[str, Any] = field(default_factory=dict)
    failures: list[WorkerFailed] = field(default_factory=list)

    @property
    def settled(self) -> bool:
        return self.impossible or self.proven or (self.cost is not None and self.lower == self.cost)


def solve_exact(
    problem: Problem,
    limits: Limits,
    *,
    workers: int = 2,
    on_progress: OnProgress | None = None,
    relaxed: int | None = None,
) -> Outcome:
    """The optimum of a problem; `relaxed` names a required rule whose amount is minimised first instead."""
    digits = digits_of(problem, tolerance(problem, limits.deadline, limits.memory_limit_mb), relaxed)
    program = _Program(problem, digits, limits, relaxed)
    state = _race(program, workers, limits, on_progress)
    if state.impossible:
        return Outcome("conflict", None, (), state.statistics)
    if state.cost is None:
        return Outcome("unknown", None, (), state.statistics, _stopped_by(state, limits))
    if state.settled:
        place = _canonical(program, state, limits) or state.place
        return Outcome(
            "optimal" if digits.exact else "feasible", place, digits.bounds(state.cost), state.statistics
        )
    return Outcome(
        "feasible", state.place, digits.bounds(state.lower), state.statistics, _stopped_by(state, limits)
    )


@dataclass(frozen=True)
class _Program:
    problem: Problem
    digits: Digits
    limits: Limits
    relaxed: int | None

    def job(self, options: tuple[str, ...], **arguments: Any) -> Job:
        rules = self.problem.rules
        texts = (
            *problem_facts(self.problem, rules),
            *enforcement_facts(self.problem, self.relaxed),
            *self.digits.facts(),
        )
        levels = self.digits.level_count
        return Job(
            "optimize",
            DECIDE,
            texts,
            options,
            self.limits.memory_limit_mb,
            self.limits.rule_limit,
            {"levels": levels, **arguments},
        )


def enforcement_facts(problem: Problem, relaxed: int | None = None) -> Iterator[str]:
    """How each rule binds, and how finely its amounts are told apart."""
    required = [rule.id for rule in problem.rules if rule.enforcement == "required" and rule.id != relaxed]
    yield facts("required", ((rule,) for rule in required))
    yield facts("no_worse", ((rule.id,) for rule in problem.rules if rule.enforcement == "no_worse"))
    yield facts("units", ((rule.id, 1 if rule.id in set(required) else ALL_UNITS) for rule in problem.rules))
    yield facts("bound", enumerate(problem.requirements.ceiling.tolist()))


def _race(program: _Program, workers: int, limits: Limits, on_progress: OnProgress | None) -> _State:
    state = _State()
    with Workers() as group:
        group.start("descend", program.job(DESCEND))
        if workers > 1:
            group.start("ascend", program.job(ASCEND))
        for name, message in group.messages(limits.deadline):
            _learn(state, name, message, limits)
            if on_progress is not None and message.kind in ("model", "bound"):
                on_progress(Progress(state.cost, state.lower))
            if state.settled:
                break
    if len(state.failures) == max(1, min(2, workers)) and state.cost is None:
        raise state.failures[0]
    return state


def _learn(state: _State, name: str, message: Message, limits: Limits) -> None:
    body = message.body
    if message.kind == "model":
        cost = tuple(body["cost"])
        if state.cost is None or cost < state.cost:
            state.cost, state.place = cost, body["place"]
    elif message.kind == "bound":
        state.lower = max(state.lower, tuple(body["lower"]))
    elif message.kind == "error":
        state.failures.append(failure(message, limits.memory_limit_mb))
    elif message.kind == "done":
        state.statistics[name] = body["statistics"]
        state.impossible = body["satisfiable"] is False
        state.proven = bool(body["satisfiable"] and body["exhausted"])


def _canonical(program: _Program, state: _State, limits: Limits) -> list[Pair] | None:
    """One deterministic placement at the proven cost, whichever worker found it first; None if time runs out."""
    assert state.cost is not None
    with Workers() as group:
        group.start("settle", program.job(ASCEND, bound=list(state.cost), once=True))
        for _, message in group.messages(limits.deadline):
            if message.kind == "model" and tuple(message.body["cost"]) == state.cost:
                place: list[Pair] = message.body["place"]
                return place
    return None


def _stopped_by(state: _State, limits: Limits) -> tuple[str, ...]:
    settings = [failed.setting for failed in state.failures if failed.setting is not None]
    if limits.deadline is not None and time.monotonic() >= limits.deadline:
        settings.append("time_limit")
    return tuple(dict.fromkeys(settings))


def fewest(sequence: Sequence[int]) -> int:
    """The least of a sequence, 0 if it is empty."""
    return min(sequence, default=0)
