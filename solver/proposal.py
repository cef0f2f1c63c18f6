"""A proposal for a problem: the strategy's, or today's placement where a limit comes first."""

from __future__ import annotations

import time
from dataclasses import replace

from shardwright.solver.certify import Pair, certify, settled_pairs
from shardwright.solver.conflicts.question import question_of
from shardwright.solver.conflicts.today.today import Today
from shardwright.solver.outcome import Limits, Outcome
from shardwright.solver.problem import Problem
from shardwright.solver.processes import COMPILING, WorkerFailed
from shardwright.solver.replay import Standing
from shardwright.solver.request import Request, limits_of
from shardwright.solver.strategy import Choice
from shardwright.solver.turns import answered

CERTIFY_SECONDS_PER_REPLICA = 5e-5


def propose(problem: Problem, request: Request, limits: Limits, choice: Choice) -> tuple[Outcome, Choice]:
    """What the strategy finds; where a limit comes before anything, today's placement if it is an answer."""
    if request.replay is not None and request.replay.instead is not None:
        return _again(problem, request, request.replay.instead), choice
    try:
        outcome, choice = answered(problem, request, limits, choice)
    except WorkerFailed as failed:
        if failed.setting is None:
            raise
        told = {"kernels": "compiled first"} if failed.reason == COMPILING else {}
        outcome = _settled(problem, request, Outcome("unknown", None, (), told, (failed.setting,)))
        if outcome.status == "unknown" and failed.setting != "time_limit":
            raise
        return outcome, choice
    return _settled(problem, request, outcome) if outcome.status == "unknown" else outcome, choice


def _again(problem: Problem, request: Request, standing: Standing) -> Outcome:
    """What stood in before."""
    if standing == "conflict":
        return _instead(Outcome("conflict", None, (), {}), standing)
    nothing = Outcome("unknown", None, (), {})
    return _settled(problem, request, nothing) if standing == "today" else _instead(nothing)


def _settled(problem: Problem, request: Request, outcome: Outcome) -> Outcome:
    """Today's placement, few shards placed anew where they must be, is an answer too: if no required rule is
    against it and there is time to see it."""
    left = None if request.deadline is None else request.deadline - time.monotonic()
    replicas = len(problem.cluster.settled.shard)
    if not replicas or (left is not None and left < CERTIFY_SECONDS_PER_REPLICA * replicas):
        return _instead(outcome)
    try:
        placement = _made_of_today(problem, request)
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


def _made_of_today(problem: Problem, request: Request) -> list[Pair]:
    """Today's placement, with few shards placed anew where that makes it keep the rules."""
    limits = limits_of(problem, request, request.deadline)
    today = Today(question_of(problem, limits), limits)
    found = today.placement([rule.id for rule in today.question.rules])
    if found is None:
        return settled_pairs(problem)
    return [(shard, node) for shard, node in found.tolist()]


def _instead(outcome: Outcome, standing: Standing = "none") -> Outcome:
    """On record that it is no strategy's finding."""
    return replace(outcome, statistics={**outcome.statistics, "instead": standing})
