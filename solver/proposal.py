"""A proposal for a problem: the strategy's, or today's placement where a limit comes first."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace

from shardwright.solver.bounds import best_bound
from shardwright.solver.certify import Judgement, certify, settled_pairs
from shardwright.solver.conflicts.counted import cannot_hold
from shardwright.solver.exact import Limits, Outcome, solve_exact
from shardwright.solver.logic import LogicError
from shardwright.solver.problem import Problem
from shardwright.solver.processes import WorkerFailed
from shardwright.solver.progress import OnProgress
from shardwright.solver.replay import After, Replay, Standing
from shardwright.solver.shortage import shortage
from shardwright.solver.strategy import Choice

# What is kept of the time limit for the certificate and the reasons.
RESERVE_SECONDS = 0.3  # to start a process
RESERVE_SHARE = 0.05
RESERVE_SECONDS_PER_REPLICA = 4e-5
CERTIFY_SECONDS_PER_REPLICA = 5e-5
SEARCH_SHARE = 0.4  # of the time, where exact goes on from there
RULES_PER_PAIR = 4  # at least: a candidate, a choice and two projections
RULES_PER_PAIR_AT_MOST = 100


@dataclass(frozen=True)
class Request:
    """How to solve. `deadline` is on the monotonic clock."""

    strategy: str
    steps: int | None
    deadline: float | None
    workers: int
    seed: int
    memory_limit_mb: int | None
    rule_limit: int | None
    on_progress: OnProgress | None
    replay: Replay | None = None


def propose(problem: Problem, request: Request, limits: Limits, choice: Choice) -> tuple[Outcome, Choice]:
    """What the strategy finds; where a limit comes before anything, today's placement if it is an answer."""
    if request.replay is not None and request.replay.instead is not None:
        nothing = Outcome("unknown", None, (), {})
        return _instead(nothing) if request.replay.instead == "none" else _settled(
            problem, request, nothing
        ), choice
    try:
        outcome, choice = _answered(problem, request, limits, choice)
    except WorkerFailed as failed:
        if failed.setting is None:
            raise
        outcome = _settled(problem, request, Outcome("unknown", None, (), {}, (failed.setting,)))
        if outcome.status == "unknown" and failed.setting != "time_limit":
            raise
        return outcome, choice
    return _settled(problem, request, outcome) if outcome.status == "unknown" else outcome, choice


def _answered(problem: Problem, request: Request, limits: Limits, choice: Choice) -> tuple[Outcome, Choice]:
    """The strategy's answer; exact goes on where search has found nothing, or may be bettered."""
    goes_on = choice.then_exact and request.steps is None and request.replay is None
    first = _until(limits, SEARCH_SHARE) if goes_on else limits
    found = _found(problem, request, first, choice)
    if request.replay is not None and request.replay.after is not None:
        return _bounded(found, request.replay.after), choice
    if choice.strategy == "exact" or request.strategy != "auto" or "interrupt" in found.stopped_by:
        return found, choice
    if found.status == "unknown":
        choice = Choice("exact", f"search found nothing that keeps every required rule; {choice.reason}")
        return _found(problem, request, limits, choice), choice
    if found.judgement is None or not goes_on or _is_proven(problem, found.judgement):
        return found, choice
    return _better(problem, request, limits, choice, found)


def _better(
    problem: Problem, request: Request, limits: Limits, choice: Choice, found: Outcome
) -> tuple[Outcome, Choice]:
    """Exact's answer where it is better or proven, otherwise search's with what exact has shown of it."""
    assert found.judgement is not None
    try:
        exact = _found(problem, request, limits, Choice("exact", choice.reason))
    except WorkerFailed as failed:
        if failed.setting is None:
            raise
        exact = Outcome("unknown", None, (), {}, (failed.setting,))
    except KeyboardInterrupt:
        exact = Outcome("unknown", None, (), {}, ("interrupt",))
    if exact.status == "conflict":
        raise LogicError("exact denies that there is a placement where the certificate has accepted one")
    if exact.placement is not None:
        judgement = certify(problem, exact.placement, memory_limit_mb=request.memory_limit_mb)
        exact = replace(exact, judgement=judgement)
        if exact.status == "optimal" or judgement.level_costs < found.judgement.level_costs:
            return exact, Choice("exact", choice.reason)
    return _bounded(found, After(exact.bound, exact.stopped_by)), choice


def _bounded(found: Outcome, after: After) -> Outcome:
    told = {"bound": list(after.bound), "limits": list(after.stopped_by)}
    return replace(
        found,
        bound=after.bound,
        statistics={**found.statistics, "then_exact": told},
        stopped_by=tuple(dict.fromkeys((*found.stopped_by, *after.stopped_by))),
    )


def _is_proven(problem: Problem, judgement: Judgement) -> bool:
    return best_bound(problem, (), judgement.level_costs) == judgement.level_costs


def _until(limits: Limits, share: float) -> Limits:
    """Limits that end after a share of the time."""
    if limits.deadline is None:
        return limits
    now = time.monotonic()
    return replace(limits, deadline=now + share * (limits.deadline - now))


def _found(problem: Problem, request: Request, limits: Limits, choice: Choice) -> Outcome:
    if shortage(problem, limits.deadline, limits.memory_limit_mb) is not None:
        return Outcome("conflict", None, (), {})
    if not problem.pinned and cannot_hold(problem, limits):
        return Outcome("conflict", None, (), {})
    if choice.strategy == "search":
        from shardwright.solver.search.propose import solve_search

        return solve_search(
            problem,
            replace(limits, deadline=request.deadline),
            workers=request.workers,
            seed=request.seed,
            steps=request.steps,
            search_until=limits.deadline,
            replay=None if request.replay is None else request.replay.search,
            on_progress=request.on_progress,
        )
    _refuse_if_too_large(problem, request)
    return solve_exact(
        problem,
        limits,
        workers=request.workers,
        on_progress=request.on_progress,
        replay=None if request.replay is None else request.replay.race,
    )


def limits_of(problem: Problem, request: Request, deadline: float | None) -> Limits:
    """The limits of one worker's job; ground rules are only watched where they could come near the limit."""
    pairs = len(problem.cluster.shards.ids) * len(problem.cluster.nodes.ids)
    near = request.rule_limit is not None and pairs * RULES_PER_PAIR_AT_MOST > request.rule_limit
    return Limits(
        deadline=deadline,
        memory_limit_mb=request.memory_limit_mb,
        rule_limit=request.rule_limit if near else None,
    )


def _refuse_if_too_large(problem: Problem, request: Request) -> None:
    """Grounding what cannot fit would take the time and then the memory of the machine."""
    pairs = len(problem.cluster.shards.ids) * len(problem.cluster.nodes.ids)
    if request.rule_limit is not None and pairs * RULES_PER_PAIR > request.rule_limit:
        text = (
            f"{pairs} pairs of shard and node take more than `rule_limit` = {request.rule_limit} ground rules"
        )
        raise WorkerFailed("rule_limit", text, "rule_limit")


def _settled(problem: Problem, request: Request, outcome: Outcome) -> Outcome:
    """Today's placement is an answer too, if no required rule is against it and there is time to see it."""
    left = None if request.deadline is None else request.deadline - time.monotonic()
    placement = settled_pairs(problem)
    if not placement or (left is not None and left < CERTIFY_SECONDS_PER_REPLICA * len(placement)):
        return _instead(outcome)
    try:
        judgement = certify(
            problem, placement, deadline=request.deadline, memory_limit_mb=request.memory_limit_mb
        )
    except WorkerFailed:
        return _instead(outcome)
    if judgement.faults(problem):
        return _instead(outcome)
    nothing_known = (0,) * len(problem.levels)
    found = replace(outcome, status="feasible", placement=placement, bound=nothing_known, judgement=judgement)
    return _instead(found, "today")


def _instead(outcome: Outcome, standing: Standing = "none") -> Outcome:
    """On record that it is no strategy's finding."""
    return replace(outcome, statistics={**outcome.statistics, "instead": standing})


def solving_deadline(problem: Problem, request: Request) -> float | None:
    if request.deadline is None:
        return None
    left = request.deadline - time.monotonic()
    replicas = int(problem.ceiling.sum())
    reserve = RESERVE_SECONDS + RESERVE_SHARE * left + RESERVE_SECONDS_PER_REPLICA * replicas
    return request.deadline - min(left / 2, reserve)
