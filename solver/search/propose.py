"""Search from the parent's side: several seeds at once, the best of them certified."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from shardwright.solver.bounds import ideal
from shardwright.solver.bounds.leavers import kept_tables
from shardwright.solver.certify import Pair, certify
from shardwright.solver.messages import Job, Message
from shardwright.solver.outcome import Limits, Outcome
from shardwright.solver.problem import Problem
from shardwright.solver.processes import COMPILING, WorkerFailed, Workers, failure, prepare
from shardwright.solver.progress import OnProgress, Progress
from shardwright.solver.replay import Steps
from shardwright.solver.search.cache import is_compiled
from shardwright.solver.search.leaving import crowding_of
from shardwright.solver.search.tables import Longs, stayed

STEPS_PER_REPLICA = 3_000
LEAST_STEPS, MOST_STEPS = 200_000, 60_000_000
SHORT_SHARE = 1 / 4  # of these steps, where another strategy goes on
LATE_SHARE = 0.2  # of the time for the certificate, in which a worker may come late


@dataclass
class Run:
    """What one worker has found last. `cost` is faults, then the levels."""

    cost: list[int]
    place: Longs
    steps: int
    pace: list[int]
    hurried: bool


def solve_search(
    problem: Problem,
    limits: Limits,
    *,
    workers: int,
    seed: int,
    steps: int | None,
    search_until: float | None,
    replay: Steps | None = None,
    on_progress: OnProgress | None = None,
    short: bool = False,
) -> Outcome:
    """The best certified placement of several searches; "unknown" if it breaks a required rule.

    With `short`, fewer steps where none are given.

    The answer depends on seed, workers and steps alone, unless `search_until` (monotonic clock) or Ctrl-C
    cuts the search short.
    """
    replicas = max(1, int(problem.ceiling.sum()))
    enough = max(LEAST_STEPS, min(MOST_STEPS, STEPS_PER_REPLICA * replicas))
    least = ideal(problem)
    arguments: dict[str, Any] = {
        "tables": kept_tables(problem),
        "bound": [least[level] for level in problem.levels],
        "steps": steps or int(enough * (SHORT_SHARE if short else 1)),
        "deadline": search_until,
        "crowding": crowding_of(problem),
    }
    seeds = range(seed, seed + workers)
    if replay is not None:
        seeds = range(replay.seed, replay.seed + 1)
        arguments |= {"steps": replay.steps, "replay": replay.pace, "until": replay.taken}
    listening = replace(limits, deadline=_listening_until(search_until, limits.deadline))
    runs, stopped = race(arguments, seeds, listening, on_progress)
    met = [name for name in runs if runs[name].cost <= [0, *arguments["bound"]]]
    found = min(met or runs, key=lambda name: (runs[name].cost, runs[name].steps if met else 0, name))
    run = runs[found]
    if run.hurried and not met:
        stopped = (*stopped, "time_limit")
    pairs = pairs_of(run.place)
    told = {"seed": found, "steps": arguments["steps"], "pace": run.pace, "taken": run.steps}
    if run.cost[0]:  # what it knows to be broken needs no certificate, and the time is needed for others
        return Outcome("unknown", None, (), {"search": told}, stopped, draft=pairs)
    judgement = certify(problem, pairs, deadline=limits.deadline, memory_limit_mb=limits.memory_limit_mb)
    if judgement.faults(problem):
        return Outcome("unknown", None, (), {"search": told}, stopped, draft=pairs)
    return Outcome("feasible", pairs, (), {"search": told}, stopped, judgement)


def _listening_until(search_until: float | None, deadline: float | None) -> float | None:
    """Workers end in time by themselves; where one does not, what it has told before must do."""
    if search_until is None or deadline is None:
        return None
    return search_until + LATE_SHARE * (deadline - search_until)


def race(
    arguments: dict[str, Any], seeds: range, limits: Limits, on_progress: OnProgress | None
) -> tuple[dict[int, Run], tuple[str, ...]]:
    """What each seed has found, and what ended the search early. A run that fails takes none with it."""
    runs: dict[int, Run] = {}
    failures: list[WorkerFailed] = []
    stopped: tuple[str, ...] = ()
    bound = [0, *arguments["bound"]]
    reason = "time_limit" if is_compiled() else COMPILING
    with Workers() as group:
        for seed in seeds:
            group.start(
                str(seed),
                Job("anneal", (), (), (), limits.memory_limit_mb, None, {**arguments, "seed": seed}),
            )
        prepare()  # for the certificate
        try:
            for name, message in group.messages(limits.deadline):
                if message.kind == "error":
                    failures.append(failure(message, limits.memory_limit_mb))
                _learn(runs, int(name), message)
                if on_progress is not None and message.kind in ("model", "done"):
                    on_progress(_progress(min(runs.values(), key=lambda run: run.cost), arguments))
                if _is_decided(runs, group.names, bound):
                    break
            else:
                stopped = ("time_limit",) if group.names else ()
        except KeyboardInterrupt:
            stopped = ("interrupt",)
            if not runs:
                raise
    if not runs:
        if failures:
            raise failures[0]
        raise WorkerFailed(reason, "the time limit came first", "time_limit")
    return runs, stopped


def _progress(best: Run, arguments: dict[str, Any]) -> Progress:
    moves = int((best.place >= 0).sum()) - stayed(arguments["tables"], best.place)
    return Progress(tuple(best.cost[1:]), tuple(arguments["bound"]), best.cost[0], moves)


def _is_decided(runs: dict[int, Run], running: tuple[str, ...], bound: list[int]) -> bool:
    """Whether some run has met the bound, and no other can have met it in fewer steps."""
    met = [run.steps for name, run in runs.items() if str(name) not in running and run.cost <= bound]
    return bool(met) and all(int(name) in runs and runs[int(name)].steps > min(met) for name in running)


def _learn(runs: dict[int, Run], seed: int, message: Message) -> None:
    body = message.body
    if message.kind in ("model", "done"):
        runs[seed] = Run(body["cost"], body["place"], body["steps"], body["pace"], body["hurried"])
    elif message.kind == "steps" and seed in runs:
        runs[seed].steps = body["steps"]


def pairs_of(place: Longs) -> list[Pair]:
    """Shard and node of each replica."""
    rows, slots = np.nonzero(place >= 0)
    return list(zip(rows.tolist(), place[rows, slots].tolist(), strict=True))
