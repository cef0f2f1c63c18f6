"""Search from the parent's side: several seeds at once, the best of them certified."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from shardwright.solver.bounds import lower_bounds
from shardwright.solver.certify import Pair, certify
from shardwright.solver.exact import Limits, Outcome, Progress
from shardwright.solver.messages import Job, Message
from shardwright.solver.problem import Problem
from shardwright.solver.processes import WorkerFailed, Workers, failure
from shardwright.solver.search.build import tables_of
from shardwright.solver.search.tables import Ints

STEPS_PER_REPLICA = 3_000
LEAST_STEPS, MOST_STEPS = 200_000, 60_000_000

OnProgress = Callable[[Progress], None]


@dataclass
class _Run:
    """What one worker has found last. `cost` is faults, then the levels."""

    cost: list[int] = field(default_factory=list)
    place: Ints | None = None
    steps: int = 0


def solve_search(
    problem: Problem,
    limits: Limits,
    *,
    workers: int,
    seed: int,
    steps: int | None,
    search_until: float | None,
    on_progress: OnProgress | None = None,
) -> Outcome:
    """The best certified placement of several searches; "unknown" if it breaks a required rule.

    The answer depends on seed, workers and steps alone, unless `search_until` (monotonic clock) or Ctrl-C
    cuts the search short.
    """
    replicas = max(1, int(problem.ceiling.sum()))
    budget = steps or max(LEAST_STEPS, min(MOST_STEPS, STEPS_PER_REPLICA * replicas))
    ideal = lower_bounds(problem, (0,) * len(problem.levels))
    arguments: dict[str, Any] = {
        "tables": tables_of(problem),
        "bound": [ideal.get(level, 0) for level in problem.levels],
        "steps": budget,
        "seconds": None if search_until is None else max(0.1, search_until - time.monotonic()),
    }
    runs, stopped = _race(arguments, range(seed, seed + workers), limits, on_progress)
    met = [name for name in runs if runs[name].cost <= [0, *arguments["bound"]]]
    found = min(met or runs, key=lambda name: (runs[name].cost, runs[name].steps if met else 0, name))
    pairs = pairs_of(runs[found].place)
    judgement = certify(problem, pairs, deadline=limits.deadline, memory_limit_mb=limits.memory_limit_mb)
    statistics = {"search": {"steps": budget, "taken": runs[found].steps, "seed": found, "workers": workers}}
    if judgement.faults(problem):
        return Outcome("unknown", None, (), statistics)
    return Outcome("feasible", pairs, (), statistics, stopped, judgement)


def _race(
    arguments: dict[str, Any], seeds: range, limits: Limits, on_progress: OnProgress | None
) -> tuple[dict[int, _Run], tuple[str, ...]]:
    """What each seed has found, and what ended the search early. A run that fails takes none with it."""
    runs: dict[int, _Run] = {}
    failures: list[WorkerFailed] = []
    stopped: tuple[str, ...] = ()
    ideal = [0, *arguments["bound"]]
    with Workers() as group:
        for seed in seeds:
            group.start(
                str(seed),
                Job("anneal", (), (), (), limits.memory_limit_mb, None, {**arguments, "seed": seed}),
            )
        try:
            for name, message in group.messages(limits.deadline):
                if message.kind == "error":
                    failures.append(failure(message, limits.memory_limit_mb))
                _learn(runs, int(name), message)
                if on_progress is not None and runs and message.kind == "model":
                    on_progress(Progress(tuple(min(run.cost for run in runs.values())[1:]), tuple(ideal[1:])))
                if _is_decided(runs, group.names, ideal):
                    break
        except KeyboardInterrupt:
            stopped = ("interrupt",)
            if not runs:
                raise
    if not runs:
        if failures:
            raise failures[0]
        raise WorkerFailed("time_limit", "the time limit came first", "time_limit")
    return runs, stopped


def _is_decided(runs: dict[int, _Run], running: tuple[str, ...], ideal: list[int]) -> bool:
    """Whether some run has met the bound, and no other can have met it in fewer steps."""
    met = [run.steps for name, run in runs.items() if str(name) not in running and run.cost <= ideal]
    return bool(met) and all(int(name) in runs and runs[int(name)].steps > min(met) for name in running)


def _learn(runs: dict[int, _Run], seed: int, message: Message) -> None:
    body = message.body
    if message.kind in ("model", "done"):
        runs[seed] = _Run(body["cost"], body["place"], body["steps"])
    elif message.kind == "steps" and seed in runs:
        runs[seed].steps = body["steps"]


def pairs_of(place: Ints | None) -> list[Pair]:
    """Shard and node of each replica."""
    assert place is not None
    rows, slots = np.nonzero(place >= 0)
    return list(zip(rows.tolist(), place[rows, slots].tolist(), strict=True))
