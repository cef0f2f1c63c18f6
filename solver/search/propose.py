"""Search from the parent's side: several seeds at once, the best of them certified."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Any

from shardwright.solver.bounds import lower_bounds
from shardwright.solver.certify import Judgement, Pair, certify, tolerance
from shardwright.solver.digits import digits_of
from shardwright.solver.exact import Limits, Outcome
from shardwright.solver.messages import Job
from shardwright.solver.problem import Problem
from shardwright.solver.processes import WorkerFailed, Workers, failure
from shardwright.solver.result import Status
from shardwright.solver.search.tables import FIRST_WEIGHT, LEVEL_RATIO, tables_of

STEPS_PER_REPLICA = 3_000
MOST_STEPS = 40_000_000
# Sharpness, share of the steps, and heats as multiples of what one move costs.
STAGES = ((1.0, 0.6, 1.0, 0.1), (30.0, 0.25, 0.3, 0.05), (1000.0, 0.15, 0.1, 0.01))


@dataclass(frozen=True)
class Found:
    cost: float
    seed: int
    place: list[Pair]
    seconds: float


def solve_search(
    problem: Problem,
    limits: Limits,
    *,
    workers: int,
    seed: int,
    steps: int | None,
    search_until: float | None,
) -> Outcome:
    """The best certified placement of several annealing runs; "unknown" if it breaks a required rule.

    The answer depends on seed, workers and steps alone, unless `search_until` (monotonic clock) cuts the
    search short.
    """
    tolerated = tolerance(problem, limits.deadline, limits.memory_limit_mb)
    budget = steps or min(MOST_STEPS, STEPS_PER_REPLICA * max(1, int(problem.ceiling.sum())))
    seconds = None if search_until is None else max(0.1, search_until - time.monotonic())
    move = FIRST_WEIGHT / LEVEL_RATIO ** _move_rank(problem)
    arguments: dict[str, Any] = {
        "stages": [tables_of(problem, tolerated, sharpness) for sharpness, *_ in STAGES],
        "shares": [share for _, share, *_ in STAGES],
        "heats": [(hot * move, cold * move) for _, _, hot, cold in STAGES],
        "steps": budget,
        "seconds": seconds,
    }
    found = _run(arguments, range(seed, seed + workers), limits)
    judgement = certify(
        problem, found.place, deadline=limits.deadline, memory_limit_mb=limits.memory_limit_mb
    )
    statistics = {"search": {"steps": budget, "seed": found.seed, "seconds": round(found.seconds, 3)}}
    if judgement.faults(problem):
        return Outcome("unknown", None, (), statistics)
    bound = _bounds(problem, judgement)
    status: Status = "optimal" if bound == judgement.level_costs else "feasible"
    return Outcome(status, found.place, bound, statistics, (), judgement)


def _move_rank(problem: Problem) -> int:
    return next(at for at, (block, _) in enumerate(problem.levels) if block == 3)


def _run(arguments: dict[str, Any], seeds: range, limits: Limits) -> Found:
    """The cheapest of the runs; of equal ones that of the least seed. One that fails takes none with it."""
    results: list[Found] = []
    failures: list[WorkerFailed] = []
    with Workers() as group:
        for seed in seeds:
            job = Job("anneal", (), (), (), limits.memory_limit_mb, None, {**arguments, "seed": seed})
            group.start(str(seed), job)
        for name, message in group.messages(limits.deadline):
            if message.kind == "error":
                failures.append(failure(message, limits.memory_limit_mb))
            if message.kind == "done":
                body = message.body
                results.append(Found(body["cost"], int(name), body["place"], body["seconds"]))
    if not results:
        if failures:
            raise failures[0]
        raise WorkerFailed("time_limit", "the time limit came first", "time_limit")
    return min(results, key=lambda found: (found.cost, found.seed))


def _bounds(problem: Problem, judgement: Judgement) -> tuple[int, ...]:
    """Counting bounds, which hold where nothing had to be given up; else nothing is known."""
    nothing_given_up = all(cost == 0 for (block, _), cost in judgement.costs.items() if block == 1)
    known = lower_bounds(digits_of(problem, {}, strict=True)) if nothing_given_up else {}
    return tuple(known.get(level, 0) for level in problem.levels)
