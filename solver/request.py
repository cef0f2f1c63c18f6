"""How to solve, and the limits that follow from it."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace

from shardwright.solver.outcome import Limits
from shardwright.solver.problem import Problem
from shardwright.solver.processes import WorkerFailed
from shardwright.solver.progress import OnProgress
from shardwright.solver.replay import Replay

# What is kept of the time limit for the certificate and the reasons.
RESERVE_SECONDS = 0.3  # to start a process
RESERVE_SHARE = 0.05
RESERVE_SECONDS_PER_REPLICA = 4.4e-5  # of the first; each takes longer the more there are,
RESERVE_DOUBLES = 500_000  # and twice as long from so many on
RULES_PER_PAIR = 4  # at least: a candidate, a choice and two projections
RULES_PER_PAIR_AT_MOST = 100


@dataclass(frozen=True)
class Request:
    """How to solve. `deadline` is on the monotonic clock.

    `ways_out`: a conflict comes with repairs and a best effort.
    """

    strategy: str
    steps: int | None
    deadline: float | None
    workers: int
    seed: int
    memory_limit_mb: int | None
    rule_limit: int | None
    on_progress: OnProgress | None
    replay: Replay | None = None
    ways_out: bool = True


def limits_of(problem: Problem, request: Request, deadline: float | None) -> Limits:
    """The limits of one worker's job; ground rules are only watched where they could come near the limit."""
    pairs = len(problem.cluster.shards.ids) * len(problem.cluster.nodes.ids)
    near = request.rule_limit is not None and pairs * RULES_PER_PAIR_AT_MOST > request.rule_limit
    return Limits(
        deadline=deadline,
        memory_limit_mb=request.memory_limit_mb,
        rule_limit=request.rule_limit if near else None,
    )


def refuse_if_too_large(problem: Problem, request: Request) -> None:
    """Grounding what cannot fit would take the time and then the memory of the machine."""
    if too_large(problem, request):
        pairs = len(problem.cluster.shards.ids) * len(problem.cluster.nodes.ids)
        text = (
            f"{pairs} pairs of shard and node take more than `rule_limit` = {request.rule_limit} ground rules"
        )
        raise WorkerFailed("rule_limit", text, "rule_limit")


def too_large(problem: Problem, request: Request) -> bool:
    """Whether the whole is more than can be grounded for exact solving."""
    pairs = len(problem.cluster.shards.ids) * len(problem.cluster.nodes.ids)
    return request.rule_limit is not None and pairs * RULES_PER_PAIR > request.rule_limit


def solving_deadline(problem: Problem, request: Request) -> float | None:
    if request.deadline is None:
        return None
    left = request.deadline - time.monotonic()
    replicas = int(problem.ceiling.sum())
    certificate = RESERVE_SECONDS_PER_REPLICA * replicas * (1 + replicas / RESERVE_DOUBLES)
    reserve = RESERVE_SECONDS + RESERVE_SHARE * left + certificate
    return request.deadline - min(left / 2, reserve)


def until(limits: Limits, share: float) -> Limits:
    """Limits that end after a share of the time."""
    if limits.deadline is None:
        return limits
    now = time.monotonic()
    return replace(limits, deadline=now + share * (limits.deadline - now))
