"""Which strategy has its turn when: what is proven at once, search, and exact for the rest of the time."""

from __future__ import annotations

from dataclasses import replace

from shardwright.solver.bounds import best_bound
from shardwright.solver.certify import Judgement, certify
from shardwright.solver.conflicts.counted import any_conflict, cannot_hold
from shardwright.solver.exact import solve_exact
from shardwright.solver.logic import LogicError
from shardwright.solver.outcome import Limits, Outcome
from shardwright.solver.polishing import again, mended, refined
from shardwright.solver.problem import Problem
from shardwright.solver.processes import WorkerFailed, prepare
from shardwright.solver.program import CANONICAL_CONFLICTS
from shardwright.solver.progress import Onward
from shardwright.solver.replay import After
from shardwright.solver.request import Request, refuse_if_too_large, too_large, until
from shardwright.solver.strategy import Choice

FIRST_EFFORT = 20_000_000  # of exact's first try: pairs of shard and node times conflicts of each worker,
FIRST_SHARE = 0.4  # of the time at most
SEARCH_SHARE = 0.4  # of the time, where exact goes on from there


def answered(problem: Problem, request: Request, limits: Limits, choice: Choice) -> tuple[Outcome, Choice]:
    """The strategy's answer; exact goes on where search has found nothing, or may be bettered."""
    if choice.strategy == "search" and not choice.exact_before:
        prepare(request.workers, "anneal")  # they load what they need while we count
    if cannot_hold(problem, limits):
        return Outcome("conflict", None, (), {}), choice
    if request.replay is not None:
        return _replayed(problem, request, limits, choice), choice
    if request.on_progress is not None:
        request = replace(request, on_progress=Onward(request.on_progress))
    if choice.exact_before:
        first = _first_try(problem, request, limits)
        if first is not None:
            return first, Choice("exact", choice.reason_before)
    goes_on = choice.then_exact and request.steps is None
    try:
        found = _found(problem, request, until(limits, SEARCH_SHARE) if goes_on else limits, choice)
    except WorkerFailed as failed:
        if not goes_on or failed.setting is None:
            raise
        found = Outcome("unknown", None, (), {})
    if choice.strategy == "exact" or "interrupt" in found.stopped_by:
        return found, choice
    if found.status == "unknown":
        found = mended(problem, request, limits, found)
    if found.status == "unknown" and too_large(problem, request):
        return _by_conflicts(problem, limits, found), choice
    if found.status == "unknown" and request.strategy == "auto":
        choice = Choice("exact", f"search found nothing that keeps every required rule; {choice.reason}")
        return _found(problem, request, limits, choice), choice
    if found.judgement is None or _is_proven(problem, found.judgement):
        return found, choice
    found = refined(problem, request, limits, found, goes_on=goes_on)
    if not goes_on or "interrupt" in found.stopped_by or found.judgement is None:
        return found, choice
    return _better(problem, request, limits, choice, found, found.judgement)


def _by_conflicts(problem: Problem, limits: Limits, found: Outcome) -> Outcome:
    """Too much for exact: a conflict of some shards is one of the whole; otherwise nothing is known."""
    if any_conflict(problem, limits):
        return replace(found, status="conflict", statistics={**found.statistics, "instead": "conflict"})
    return replace(found, stopped_by=tuple(dict.fromkeys((*found.stopped_by, "rule_limit"))))


def _replayed(problem: Problem, request: Request, limits: Limits, choice: Choice) -> Outcome:
    found = _found(problem, request, limits, choice)
    after = request.replay.after if request.replay is not None else None
    found = again(problem, request, limits, found)
    return found if after is None else _bounded(found, after)


def _found(
    problem: Problem,
    request: Request,
    limits: Limits,
    choice: Choice,
    known: tuple[int, ...] | None = None,
) -> Outcome:
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
            short=choice.then_exact,
        )
    refuse_if_too_large(problem, request)
    return solve_exact(
        problem,
        limits,
        workers=request.workers,
        on_progress=request.on_progress,
        replay=None if request.replay is None else request.replay.race,
        known=known,
    )


def _first_try(problem: Problem, request: Request, limits: Limits) -> Outcome | None:
    """What exact can prove within a few steps, the same on every computer."""
    pairs = len(problem.cluster.shards.ids) * len(problem.cluster.nodes.ids)
    try:
        found = solve_exact(
            problem,
            until(limits, FIRST_SHARE),
            workers=request.workers,
            on_progress=request.on_progress,
            conflicts=min(CANONICAL_CONFLICTS, FIRST_EFFORT // max(1, pairs)),
        )
    except WorkerFailed as failed:
        if failed.setting is None:
            raise
        return None
    return found if found.status in ("optimal", "conflict") or "interrupt" in found.stopped_by else None


def _better(
    problem: Problem, request: Request, limits: Limits, choice: Choice, found: Outcome, known: Judgement
) -> tuple[Outcome, Choice]:
    """Exact's answer where it is better, otherwise search's with what exact has shown of it."""
    try:
        exact = _found(problem, request, limits, Choice("exact", choice.reason), known.level_costs)
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
        if exact.status == "optimal" or judgement.level_costs < known.level_costs:
            return replace(exact, judgement=judgement), Choice("exact", choice.reason)
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
