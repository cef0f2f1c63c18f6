"""Exact solving: clingo to the proven optimum, or the best answer and bound when a limit comes first.

What the workers of a race show is made into an answer here (racing.py).
"""

from __future__ import annotations

import time
from dataclasses import replace
from typing import Any

from shardwright.solver.certify import Pair, tolerance
from shardwright.solver.digits import Digits, digits_of
from shardwright.solver.outcome import Limits, Outcome
from shardwright.solver.problem import Problem
from shardwright.solver.processes import Workers, failure
from shardwright.solver.program import ASCEND, DESCEND, Program
from shardwright.solver.progress import OnProgress, Progress
from shardwright.solver.racing import State, counted, raced
from shardwright.solver.replay import Race
from shardwright.solver.result import Status
from shardwright.solver.retrace import heard

STRICT_SHARE = 0.5  # of the time, for the attempt in which nothing is given up


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
    program = Program(problem, digits_of(problem, tolerated), limits)
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
    program = Program(problem, digits, limits)
    tell = on_progress and _in_levels(on_progress, digits)
    if replay is not None and replay.place is not None:
        return _again(program, replay, workers)
    state = raced(program, workers, limits, tell, conflicts, _in_program(digits, known))
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


def _with_race(state: State, digits: Digits) -> dict[str, Any]:
    return {**state.statistics, "race": state.race(digits.strict).told()}


def _again(program: Program, race: Race, workers: int) -> Outcome:
    """The answer of a race on record."""
    known, told = heard(race, lambda name: program.contest(name, race.roam)), {"race": race.told()}
    if known is None:
        return Outcome("unknown", None, (), told)
    digits = program.digits
    if race.proven:
        proof = raced(program, workers, program.limits, None, None)
        if proof.settled and proof.cost == known.cost:
            status: Status = "optimal" if digits.exact else "feasible"
            return Outcome(status, known.place, digits.bounds(known.cost), told)
    lower = max(digits.in_program(counted(digits)), known.lower)
    return Outcome("feasible", known.place, digits.bounds(lower), told)


def _settle(program: Program, cost: tuple[int, ...], limits: Limits) -> list[Pair] | None:
    """One deterministic placement at a proven cost that only `roam` has reached; None if time runs out."""
    with Workers() as group:
        group.start("settle", program.job(ASCEND, bound=list(cost), enough=True))
        for _, message in group.messages(limits.deadline):
            if message.kind == "model" and tuple(message.body["cost"]) == cost:
                place: list[Pair] = message.body["place"]
                return place
    return None


def _stopped_by(state: State, limits: Limits) -> tuple[str, ...]:
    settings = [failed.setting for failed in state.failures if failed.setting is not None]
    if state.interrupted:
        settings.append("interrupt")
    if limits.deadline is not None and time.monotonic() >= limits.deadline:
        settings.append("time_limit")
    return tuple(dict.fromkeys(settings))
