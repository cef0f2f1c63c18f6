"""Polishing: clingo betters small neighbourhoods of a placement, round by round (neighbourhood.py)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from shardwright.solver.bounds import best_bound
from shardwright.solver.certify import Broken, Judgement, Pair, tolerance
from shardwright.solver.outcome import Limits
from shardwright.solver.problem import Problem
from shardwright.solver.processes import WorkerFailed, Workers, failure
from shardwright.solver.progress import OnProgress, Progress
from shardwright.solver.recertify import Known, recertify
from shardwright.solver.search.neighbourhood import Neighbourhood, Terrain, ordered

FIRST_ROUNDS, VAIN_ROUNDS = 10, 24  # in vain, before and after any gain: then it ends


@dataclass(frozen=True)
class Polished:
    """`rounds` is the last round that gained anything. `stopped_by` names limits."""

    placement: list[Pair]
    judgement: Judgement
    rounds: int
    stopped_by: tuple[str, ...] = ()


def polished(
    problem: Problem,
    placement: list[Pair],
    judgement: Judgement,
    limits: Limits,
    *,
    workers: int,
    seed: int,
    rounds: int | None = None,
    on_progress: OnProgress | None = None,
) -> Polished:
    """A placement of fewer faults or smaller costs, or the same; what it breaks is named by its judgement.

    Each round looks at as many neighbourhoods as there are workers. Ends when some in a row have gained
    nothing, at the deadline, or after so many `rounds`: these, seed and workers decide. Raises WorkerFailed
    when a limit comes before the first round.
    """
    known = Known(problem, ordered(np.array(placement, dtype=np.int32).reshape(-1, 2)), judgement)
    soft = any(problem.rules[broken.rule].enforcement == "no_worse" for broken in judgement.amounts)
    tolerated = tolerance(problem, limits.deadline, limits.memory_limit_mb) if soft else {}
    draw, done, gained = np.random.default_rng(seed), 0, 0
    stopped: tuple[str, ...] = ()
    bound = _bound(known)
    try:
        while done - gained < (VAIN_ROUNDS if gained else FIRST_ROUNDS) and done != rounds:
            terrain, pool = (
                Terrain(problem, known.placement, known.judgement, tolerated),
                _pool(known, bound, draw),
            )
            if not pool:
                break
            hoods = [terrain.around(pool, draw, limits.memory_limit_mb) for _ in range(workers)]
            answers = _solved([hood for hood in hoods if hood is not None], limits)
            better = None if answers is None else _better(known, answers, limits)
            if better is None:
                stopped = ("time_limit",)
                break
            done += 1
            if better is not known:
                known, bound, gained = better, _bound(better), done
                if on_progress is not None:
                    costs, faults = known.judgement.level_costs, known.judgement.faults(problem)
                    on_progress(Progress(costs, bound, len(faults)))
    except KeyboardInterrupt:
        stopped = ("interrupt",)
    pairs = [(shard, node) for shard, node in known.placement.tolist()]
    return Polished(pairs, known.judgement, gained, stopped)


def _bound(known: Known) -> tuple[int, ...]:
    return best_bound(known.problem, (), known.judgement.level_costs)


def _pool(known: Known, bound: tuple[int, ...], draw: np.random.Generator) -> list[Broken]:
    """Faults where there are any; else what costs something at one of the levels that may get better."""
    problem, judgement = known.problem, known.judgement
    faults = list(judgement.faults(problem))
    costly = zip(problem.levels, judgement.level_costs, bound, strict=True)
    levels = [level for level, cost, least in costly if cost > least]
    if faults or not levels:
        return faults
    level = levels[int(draw.integers(len(levels)))]
    return [broken for broken in judgement.amounts if problem.rules[broken.rule].level == level]


def _solved(hoods: list[Neighbourhood], limits: Limits) -> list[tuple[Neighbourhood, list[Pair]]] | None:
    """What is better in each neighbourhood, where anything was found; None where the deadline came first."""
    found: dict[str, list[Pair]] = {}
    names = {str(at): hood for at, hood in enumerate(hoods)}
    with Workers() as group:
        for name, hood in names.items():
            group.start(name, hood.job)
        for name, message in group.messages(limits.deadline):
            if message.kind == "error":
                failed = failure(message, limits.memory_limit_mb)
                if failed.setting is None:
                    raise failed
            if message.kind == "model":
                found[name] = message.body["place"]
        if group.names:
            return None
    return [(hood, found[name]) for name, hood in names.items() if name in found]


def _better(known: Known, answers: list[tuple[Neighbourhood, list[Pair]]], limits: Limits) -> Known | None:
    """With those answers that the certificate finds better, one after the other; None without the time."""
    changed = np.empty(0, dtype=np.int32)
    for hood, pairs in answers:
        if np.isin(hood.part.shards, changed).any():
            continue
        placement = hood.changed(known.placement, pairs)
        try:
            judgement = recertify(
                known.problem,
                placement,
                known,
                deadline=limits.deadline,
                memory_limit_mb=limits.memory_limit_mb,
            )
        except WorkerFailed:
            return None
        if _worth(known.problem, judgement) < _worth(known.problem, known.judgement):
            known, changed = Known(known.problem, placement, judgement), np.union1d(changed, hood.part.shards)
    return known


def _worth(problem: Problem, judgement: Judgement) -> tuple[int, tuple[int, ...]]:
    """What is to become less: first what is broken, then the costs."""
    broken = sum(fault.amount - fault.tolerated for fault in judgement.faults(problem))
    return broken, judgement.level_costs
