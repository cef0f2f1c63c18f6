"""Exact solving: clingo to the proven optimum, or the best answer and bound when a limit comes first.

Two workers race over one program: `descend` finds good placements fast, `ascend` raises the lower bound
from cores and so proves. What either learns counts for both.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

from shardwright.solver.bounds import ideal
from shardwright.solver.certify import ALL_UNITS, Judgement, Pair, tolerance
from shardwright.solver.digits import Digits, digits_of
from shardwright.solver.facts import problem_facts
from shardwright.solver.logic import facts
from shardwright.solver.messages import Job, Message
from shardwright.solver.problem import LevelKey, Problem
from shardwright.solver.processes import WorkerFailed, Workers, failure
from shardwright.solver.progress import OnProgress, Progress
from shardwright.solver.replay import Race
from shardwright.solver.result import Status
from shardwright.solver.retrace import heard
from shardwright.solver.tape import Tape

DECIDE = ("placement", "choose", "enforce", "minimize", "heuristic", "show")
HOMING = ("--heuristic=Domain",)
DESCEND = ("--opt-strategy=bb,lin", "--opt-heuristic=sign,model", "--restart-on-model", *HOMING)
ROAM = ("--seed=1", "--rand-freq=0.02", *DESCEND)  # goes on where `descend` has come to its limit
STRICT_SHARE = 0.5  # of the time, for the attempt in which nothing is given up
HEAD_START = 0.5  # seconds that `descend` has for itself
CANONICAL_CONFLICTS = 20_000  # up to here `descend` says the same on every computer
LONGER = 2  # times as many conflicts for `ascend`: it is often a little late, and proves more than it costs
ASCEND = ("--opt-strategy=usc,oll,stratify", *HOMING)


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


@dataclass
class _State:
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


def solve_exact(
    problem: Problem,
    limits: Limits,
    *,
    workers: int = 2,
    on_progress: OnProgress | None = None,
    relaxed: frozenset[int] = frozenset(),
    replay: Race | None = None,
    conflicts: int | None = None,
    known: tuple[int, ...] | None = None,
) -> Outcome:
    """The optimum of a problem; `relaxed` are required rules whose amounts are minimised first instead.

    First it is tried whether nothing has to be given up at all: with every rule binding the program is
    far smaller, and its optimum is the optimum. Only if that cannot be, rules are allowed to yield.
    With `conflicts`, only what each worker shows within so many counts: the same on every computer.
    With `known`, the level costs of a placement that somebody has: an optimum without a placement says that
    none is better.
    Where a limit has decided, the statistics' `race` says how far it had come, and `replay` follows that.
    """
    given_up = replay is not None and not replay.strict
    if not relaxed and not given_up:
        strict = replace(limits, patience=_share(limits))
        outcome = _attempt(problem, _strict(problem), strict, workers, on_progress, replay, conflicts, known)
        if outcome.status in ("optimal", "feasible"):
            return outcome
        given_up = outcome.status == "unknown"
    tolerated = tolerance(problem, limits.deadline, limits.memory_limit_mb)
    digits = digits_of(problem, tolerated, relaxed)
    limits = replace(limits, patience=limits.deadline)
    outcome = _attempt(problem, digits, limits, workers, on_progress, replay, conflicts, known)
    if given_up and "race" not in outcome.statistics:
        outcome = replace(outcome, statistics={**outcome.statistics, "race": Race(False).told()})
    return outcome


def any_placement(problem: Problem, limits: Limits, conflict_limit: int) -> list[Pair] | None:
    """A placement that keeps the rules, whatever it costs; None if there is none or it takes too long.

    `conflict_limit` ends the search at the same point on every computer.
    """
    lenient = any(rule.enforcement == "no_worse" for rule in problem.rules)
    tolerated = tolerance(problem, limits.deadline, limits.memory_limit_mb) if lenient else {}
    program = _Program(problem, digits_of(problem, tolerated), limits)
    with Workers() as group:
        group.start("any", program.job(DESCEND, conflict_limit=conflict_limit, enough=True))
        for _, message in group.messages(limits.deadline):
            if message.kind == "model":
                place: list[Pair] = message.body["place"]
                return place
            if message.kind == "error":
                raise failure(message, limits.memory_limit_mb)
            if message.kind == "done":
                return None
    return None


def _strict(problem: Problem) -> Digits:
    return digits_of(problem, {}, strict=True)


def _share(limits: Limits) -> float | None:
    """A first attempt that shows nothing must leave time for the second."""
    if limits.deadline is None:
        return None
    now = time.monotonic()
    return now + STRICT_SHARE * (limits.deadline - now)


def _attempt(
    problem: Problem,
    digits: Digits,
    limits: Limits,
    workers: int,
    on_progress: OnProgress | None,
    replay: Race | None,
    conflicts: int | None,
    known: tuple[int, ...] | None,
) -> Outcome:
    program = _Program(problem, digits, limits)
    tell = on_progress and _in_levels(on_progress, digits)
    if replay is not None and replay.place is not None:
        return _again(program, replay, workers)
    state = _race(program, workers, limits, tell, conflicts, _in_program(digits, known))
    if state.confirmed:
        return Outcome("optimal", None, known or (), state.statistics)
    if state.impossible:
        return Outcome("conflict", None, (), state.statistics)
    if state.cost is None:
        return Outcome("unknown", None, (), state.statistics, _stopped_by(state, limits))
    if state.settled:
        place = state.chosen or _settle(program, state.cost, limits)
        status: Status = "optimal" if digits.exact else "feasible"
        told = state.statistics if place else _with_race(state, digits)
        return Outcome(status, place or state.place, digits.bounds(state.cost), told)
    stopped = _stopped_by(state, limits)
    return Outcome("feasible", state.place, digits.bounds(state.lower), _with_race(state, digits), stopped)


def _in_levels(on_progress: OnProgress, digits: Digits) -> OnProgress:
    """Tells costs and bounds as the levels of the problem count them."""

    def tell(progress: Progress) -> None:
        cost = progress.cost and digits.bounds(progress.cost)
        on_progress(replace(progress, cost=cost, bound=digits.bounds(progress.bound)))

    return tell


def _in_program(digits: Digits, known: tuple[int, ...] | None) -> tuple[int, ...] | None:
    """Level costs as the program counts them; None where it rounds, or has levels of its own."""
    levels = digits.problem.levels
    if known is None or not digits.exact or digits.levels != levels:
        return None
    return digits.in_program(dict(zip(levels, known, strict=True)))


def _with_race(state: _State, digits: Digits) -> dict[str, Any]:
    return {**state.statistics, "race": state.race(digits.strict).told()}


def _again(program: _Program, race: Race, workers: int) -> Outcome:
    """The answer of a race on record."""
    known, told = heard(race, lambda name: program.contest(name, race.roam)), {"race": race.told()}
    if known is None:
        return Outcome("unknown", None, (), told)
    digits = program.digits
    if race.proven:
        proof = _race(program, workers, program.limits, None, None)
        if proof.settled and proof.cost == known.cost:
            status: Status = "optimal" if digits.exact else "feasible"
            return Outcome(status, known.place, digits.bounds(known.cost), told)
    lower = max(digits.in_program(_counted(digits)), known.lower)
    return Outcome("feasible", known.place, digits.bounds(lower), told)


@dataclass(frozen=True)
class _Program:
    problem: Problem
    digits: Digits
    limits: Limits

    @cached_property
    def texts(self) -> tuple[str, ...]:
        rules = self.problem.rules
        return (*problem_facts(self.problem, rules), *enforcement_facts(self.digits), *self.digits.facts())

    def job(self, options: tuple[str, ...], **arguments: Any) -> Job:
        limits = self.limits
        arguments = {"levels": self.digits.level_count, **arguments}
        return Job(
            "optimize", DECIDE, self.texts, options, limits.memory_limit_mb, limits.rule_limit, arguments
        )

    def contest(self, name: str, roam: tuple[int, ...] | None = None, conflicts: int | None = None) -> Job:
        """The job of a worker of the race; `roam` is the cost from which that one begins."""
        if name == "descend":
            return self.job(DESCEND, conflict_limit=conflicts or CANONICAL_CONFLICTS)
        if name == "ascend":
            return self.job(ASCEND, conflict_limit=conflicts and LONGER * conflicts)
        return self.job(ROAM, bound=roam and list(roam))


def enforcement_facts(digits: Digits) -> Iterator[str]:
    """How each rule binds, and how finely its amounts are told apart."""
    rules = digits.problem.rules
    required = {rule.id for rule in rules if digits.binds(rule)}
    yield facts("required", ((number,) for number in sorted(required)))
    bounded = [rule.id for rule in rules if rule.enforcement == "no_worse" and rule.id not in required]
    yield facts("no_worse", ((number,) for number in bounded))
    yield facts("units", ((rule.id, 1 if rule.id in required else ALL_UNITS) for rule in rules))
    yield facts("bound", enumerate(digits.problem.requirements.ceiling.tolist()))


def _race(
    program: _Program,
    workers: int,
    limits: Limits,
    on_progress: OnProgress | None,
    conflicts: int | None,
    known: tuple[int, ...] | None = None,
) -> _State:
    state = _State(lower=program.digits.in_program(_counted(program.digits)), known=known)
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


def _counted(digits: Digits) -> dict[LevelKey, int]:
    """Bounds by counting, for a placement in which nothing is given up."""
    return ideal(digits.problem, counting=True) if digits.strict else {}


def _learn(
    state: _State, name: str, message: Message, limits: Limits, on_progress: OnProgress | None
) -> None:
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


def _settle(program: _Program, cost: tuple[int, ...], limits: Limits) -> list[Pair] | None:
    """One deterministic placement at a proven cost that only `roam` has reached; None if time runs out."""
    with Workers() as group:
        group.start("settle", program.job(ASCEND, bound=list(cost), enough=True))
        for _, message in group.messages(limits.deadline):
            if message.kind == "model" and tuple(message.body["cost"]) == cost:
                place: list[Pair] = message.body["place"]
                return place
    return None


def _stopped_by(state: _State, limits: Limits) -> tuple[str, ...]:
    settings = [failed.setting for failed in state.failures if failed.setting is not None]
    if state.interrupted:
        settings.append("interrupt")
    if limits.deadline is not None and time.monotonic() >= limits.deadline:
        settings.append("time_limit")
    return tuple(dict.fromkeys(settings))
