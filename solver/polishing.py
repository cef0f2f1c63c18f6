"""When and how long clingo polishes what search has found, in small neighbourhoods (search/polish.py)."""

from __future__ import annotations

import time
from dataclasses import replace

from shardwright.solver.bounds import best_bound
from shardwright.solver.certify import Judgement, Pair, certify
from shardwright.solver.outcome import Limits, Outcome
from shardwright.solver.problem import Problem
from shardwright.solver.processes import WorkerFailed
from shardwright.solver.progress import Progress
from shardwright.solver.request import Request, until

POLISHED = "neighbourhoods"  # its record among the statistics
MEND_SHARE = 0.5  # of the time that is left, for a placement that still breaks required rules
POLISH_SHARE = 0.6  # of the time that is left, where exact goes on from there
STEPS_FOR_A_ROUND = 20_000  # where the steps are limited
ROUGH = 0.05  # (cost - bound) / cost from which on it has ever gained anything


def refined(
    problem: Problem, request: Request, limits: Limits, found: Outcome, *, goes_on: bool = False
) -> Outcome:
    """With a better placement, if some neighbourhoods have one; where another strategy goes on, in time."""
    if not _is_rough(problem, found) or _is_late(limits) or POLISHED in found.statistics:
        return found
    assert found.placement is not None
    assert found.judgement is not None
    most = None if request.steps is None else request.steps // STEPS_FOR_A_ROUND
    limits = until(limits, POLISH_SHARE) if goes_on else limits
    return _polished(
        problem, request, limits, found, found.placement, found.judgement, most, last=not goes_on
    )


def _is_rough(problem: Problem, outcome: Outcome) -> bool:
    """Whether a placement is so far from what is proven that polishing may help."""
    judgement = outcome.judgement
    if judgement is None or "interrupt" in outcome.stopped_by or problem.pinned or problem.near:
        return False
    bound = best_bound(problem, outcome.bound, judgement.level_costs)
    gap = Progress(judgement.level_costs, bound).gap
    return gap is not None and gap > ROUGH


def mended(problem: Problem, request: Request, limits: Limits, found: Outcome) -> Outcome:
    """With a placement that breaks no required rule, if that of search can be mended."""
    limits = until(limits, MEND_SHARE)
    if found.draft is None or "interrupt" in found.stopped_by or problem.pinned or _is_late(limits):
        return found
    try:
        judgement = certify(
            problem, found.draft, deadline=limits.deadline, memory_limit_mb=limits.memory_limit_mb
        )
    except WorkerFailed:
        return found
    better = _polished(problem, request, limits, found, found.draft, judgement)
    if better.judgement is None or better.judgement.faults(problem):
        return found
    return better


def again(problem: Problem, request: Request, limits: Limits, found: Outcome) -> Outcome:
    """What had been polished, on record, is polished again."""
    polish = request.replay.polish if request.replay is not None else None
    placement = found.placement or found.draft
    if polish is None or placement is None:
        return found
    judgement = found.judgement or certify(problem, placement, memory_limit_mb=limits.memory_limit_mb)
    return _polished(problem, request, limits, found, placement, judgement)


def _polished(
    problem: Problem,
    request: Request,
    limits: Limits,
    found: Outcome,
    placement: list[Pair],
    judgement: Judgement,
    most: int | None = None,
    *,
    last: bool = True,
) -> Outcome:
    """Polished for so many rounds at `most`; where it is not the `last` to try, its share of the time ends
    nothing."""
    from shardwright.solver.search.polish import polished

    known = None if request.replay is None else request.replay.polish
    try:
        result = polished(
            problem,
            placement,
            judgement,
            limits,
            workers=request.workers if known is None else known.workers,
            seed=request.seed,
            rounds=most if known is None else known.rounds,
            on_progress=request.on_progress,
        )
    except WorkerFailed as failed:
        if failed.setting is None:
            raise
        return found
    except KeyboardInterrupt:
        if found.placement is None:
            raise
        return replace(found, stopped_by=(*found.stopped_by, "interrupt"))
    stopped = tuple(name for name in result.stopped_by if last or name == "interrupt")
    stopped = stopped if known is None else known.stopped_by
    workers = request.workers if known is None else known.workers
    told = {"rounds": result.rounds, "workers": workers, "limits": list(stopped)}
    return replace(
        found,
        status="feasible",
        placement=result.placement,
        judgement=result.judgement,
        statistics={**found.statistics, POLISHED: told},
        stopped_by=tuple(dict.fromkeys((*found.stopped_by, *stopped))),
    )


def _is_late(limits: Limits) -> bool:
    return limits.deadline is not None and time.monotonic() >= limits.deadline
