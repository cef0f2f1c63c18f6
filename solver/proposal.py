"""A proposal for a problem: the strategy's, or today's placement where a limit comes first."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace

from shardwright.solver.certify import certify, settled_pairs
from shardwright.solver.conflicts.counted import cannot_hold
from shardwright.solver.exact import Limits, Outcome, solve_exact
from shardwright.solver.problem import Problem
from shardwright.solver.processes import WorkerFailed
from shardwright.solver.progress import OnProgress
from shardwright.solver.replay import Replay, Standing
from shardwright.solver.shortage import shortage
from shardwright.solver.strategy import Choice

# What is kept of the time limit for the certificate and the reasons.
RESERVE_SECONDS = 0.3  # to start a process
RESERVE_SHARE = 0.05
RESERVE_SECONDS_PER_REPLICA = 4e-5
CERTIFY_SECONDS_PER_REPLICA = 5e-5
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
        outcome = _found(problem, request, limits, choice)
        if choice.strategy == "search" and outcome.status == "unknown" and request.strategy == "auto":
            choice = Choice("exact", f"search found nothing that keeps every required rule; {choice.reason}")
            outcome = _found(problem, request, limits, choice)
    except WorkerFailed as failed:
        if failed.setting is None:
            raise
        outcome = _settled(problem, request, Outcome("unknown", None, (), {}, (failed.setting,)))
        if outcome.status == "unknown" and failed.setting != "time_limit":
            raise
        return outcome, choice
    return _settled(problem, request, outcome) if outcome.status == "unknown" else outcome, choice


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
    return solve_exact(problem, limits, workers=request.workers, on_progress=request.on_progress)


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
