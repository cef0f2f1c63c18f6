"""One question from start to answer: choose a strategy, solve, certify, put into words."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from shardwright.grammar.demands import demand
from shardwright.grammar.diagnostics import Diagnostic, DiagnosticError
from shardwright.grammar.rules import Placed, Replicas, Rule
from shardwright.solver.answer import certificate_of, gave_up_of, levels_of, moves_of, placement_of
from shardwright.solver.certify import Judgement, Pair, certify, settled_pairs
from shardwright.solver.conflict import conflicts_of
from shardwright.solver.cores import reasons_for
from shardwright.solver.exact import Limits, Outcome, Progress, solve_exact
from shardwright.solver.problem import Problem, with_room
from shardwright.solver.processes import WorkerFailed
from shardwright.solver.result import Certificate, GaveUp, Level, Move, Placement, Result
from shardwright.solver.strategy import Choice, choose

if TYPE_CHECKING:
    from shardwright.api import Case

# What is kept of the time limit for the certificate and the reasons.
RESERVE_SHARE = 0.1
RESERVE_SECONDS_PER_REPLICA = 4e-5
CERTIFY_SECONDS_PER_REPLICA = 5e-5
RULES_PER_PAIR = 4  # at least: a candidate, a choice and two projections
RULES_PER_PAIR_AT_MOST = 100
REASONS_SECONDS = 5.0


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
    on_progress: Callable[[str], None] | None


def solve(case: Case, request: Request) -> Result:
    """The result of a case, certified; raises DiagnosticError when a limit leaves nothing to tell."""
    started = time.monotonic()
    problem: Problem = case.problem
    compiled = time.monotonic()
    try:
        return _solve(case, problem, request, {"compile": round(compiled - started, 4)})
    except WorkerFailed as failed:
        raise DiagnosticError([_limit_reached(failed)], exit_code=6 if failed.setting else 1) from None


def _limit_reached(failed: WorkerFailed) -> Diagnostic:
    code = {"memory_limit_mb": "E5101", "rule_limit": "E5102", "time_limit": "E5103"}.get(
        failed.setting or "", "E5100"
    )
    return Diagnostic(code, f"no answer: {failed}")


def _solve(case: Case, problem: Problem, request: Request, timings: dict[str, float]) -> Result:
    limits = _limits(problem, request, _solving_deadline(problem, request))
    began = time.monotonic()
    choice = choose(problem, request.strategy)
    outcome, choice = _outcome(problem, request, limits, choice)
    timings["search"] = round(time.monotonic() - began, 4)
    if outcome.status == "conflict":
        return _conflict(case, problem, request, outcome, choice, timings)
    answer = _answer(problem, outcome, request) if outcome.placement is not None else _NOTHING
    timings["certify"] = round(answer.certificate.seconds, 4) if answer.certificate else 0.0
    return _result(case, problem, request, outcome, answer, choice, timings)


def _outcome(problem: Problem, request: Request, limits: Limits, choice: Choice) -> tuple[Outcome, Choice]:
    """What the strategy finds; where a limit comes before anything, today's placement if it is an answer."""
    try:
        outcome = _found(problem, request, limits, choice)
        if choice.strategy == "search" and outcome.status == "unknown" and request.strategy == "auto":
            choice = Choice("exact", f"search found nothing that keeps every required rule; {choice.reason}")
            outcome = _found(problem, request, limits, choice)
    except WorkerFailed as failed:
        if failed.setting is None:
            raise
        outcome = _settled(problem, request, Outcome("unknown", None, (), {}, (failed.setting,)))
        if outcome.status == "unknown":
            raise
        return outcome, choice
    return _settled(problem, request, outcome) if outcome.status == "unknown" else outcome, choice


def _found(problem: Problem, request: Request, limits: Limits, choice: Choice) -> Outcome:
    if choice.strategy == "search":
        from shardwright.solver.search.propose import solve_search

        whole = replace(limits, deadline=request.deadline)
        workers, seed, steps = request.workers, request.seed, request.steps
        return solve_search(
            problem, whole, workers=workers, seed=seed, steps=steps, search_until=limits.deadline
        )
    _refuse_if_too_large(problem, request)
    return solve_exact(problem, limits, workers=request.workers, on_progress=_teller(problem, request))


def _limits(problem: Problem, request: Request, deadline: float | None) -> Limits:
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
        return outcome
    try:
        judgement = certify(
            problem, placement, deadline=request.deadline, memory_limit_mb=request.memory_limit_mb
        )
    except WorkerFailed:
        return outcome
    if judgement.faults(problem):
        return outcome
    nothing_known = (0,) * len(problem.levels)
    return replace(outcome, status="feasible", placement=placement, bound=nothing_known, judgement=judgement)


def _solving_deadline(problem: Problem, request: Request) -> float | None:
    if request.deadline is None:
        return None
    left = request.deadline - time.monotonic()
    replicas = int(problem.ceiling.sum())
    return request.deadline - min(left / 2, RESERVE_SHARE * left + RESERVE_SECONDS_PER_REPLICA * replicas)


def _teller(problem: Problem, request: Request) -> Callable[[Progress], None] | None:
    if request.on_progress is None:
        return None
    tell = request.on_progress

    def told(progress: Progress) -> None:
        cost = " / ".join(map(str, progress.cost)) if progress.cost is not None else "none yet"
        bound = " / ".join(map(str, progress.bound)) or "0"
        tell(f"best cost by level {cost}, bound {bound}")

    return told


@dataclass(frozen=True)
class _Answer:
    placement: Placement | None = None
    moves: tuple[Move, ...] = ()
    levels: tuple[Level, ...] = ()
    gave_up: tuple[GaveUp, ...] = ()
    certificate: Certificate | None = None


_NOTHING = _Answer()


def _answer(problem: Problem, outcome: Outcome, request: Request) -> _Answer:
    assert outcome.placement is not None
    judgement = outcome.judgement or certify(
        problem, outcome.placement, memory_limit_mb=request.memory_limit_mb
    )
    certificate = certificate_of(problem, judgement)
    return _Answer(
        placement_of(problem, outcome.placement),
        tuple(moves_of(problem, outcome.placement)),
        tuple(levels_of(problem, judgement, outcome.bound)),
        tuple(gave_up_of(problem, judgement, _because(problem, judgement, request))),
        certificate,
    )


def _because(problem: Problem, judgement: Judgement, request: Request) -> dict[int, list[str]]:
    """The reasons in words; left out where they cannot be found within a few seconds."""
    deadline = time.monotonic() + REASONS_SECONDS
    limits = _limits(problem, request, min(deadline, request.deadline or deadline))
    found = reasons_for(problem, judgement, limits)
    return {
        number: [
            f"`{rule.owner}`: {demand(rule)}" for rule in _telling([problem.rules[other] for other in others])
        ]
        for number, others in found.items()
    }


def _telling(rules: list[Rule]) -> list[Rule]:
    """Policies first; that shards must stand somewhere goes without saying where a policy is to blame."""
    stated = [rule for rule in rules if rule.policy is not None]
    built_in = [
        rule for rule in rules if rule.policy is None and not (stated and isinstance(rule.kind, Placed))
    ]
    return [*stated, *built_in]


def _conflict(
    case: Case,
    problem: Problem,
    request: Request,
    outcome: Outcome,
    choice: Choice,
    timings: dict[str, float],
) -> Result:
    began = time.monotonic()
    limits = _limits(problem, request, request.deadline)
    conflicts = conflicts_of(problem, case.policies, limits)
    effort = solve_exact(problem, limits, workers=request.workers, relaxed=_counting(problem))
    best_effort = None
    certificate = None
    if effort.placement is not None:
        judgement = certify(problem, effort.placement, memory_limit_mb=request.memory_limit_mb)
        certificate = certificate_of(problem, judgement)
        best_effort = placement_of(problem, effort.placement)
    timings["explain"] = round(time.monotonic() - began, 4)
    answer = replace(_NOTHING, certificate=certificate)
    result = _result(case, problem, request, outcome, answer, choice, timings)
    return replace(result, conflicts=conflicts, best_effort=best_effort)


def _counting(problem: Problem) -> frozenset[int]:
    """The required rules that want replicas: the best effort leaves out as few of them as can be."""
    return frozenset(
        rule.id
        for rule in problem.rules
        if rule.enforcement == "required" and isinstance(rule.kind, (Placed, Replicas))
    )


def _result(
    case: Case,
    problem: Problem,
    request: Request,
    outcome: Outcome,
    answer: _Answer,
    choice: Choice,
    timings: dict[str, float],
) -> Result:
    return Result(
        status=outcome.status,  # type: ignore[arg-type]
        strategy=choice.strategy,
        reason_for_strategy=choice.reason,
        placement=answer.placement,
        moves=list(answer.moves),
        levels=list(answer.levels),
        gave_up=list(answer.gave_up),
        not_applied=[{"policy": item.policy, "why": item.why} for item in case.not_applied],
        conflicts=[],
        certificate=answer.certificate,
        best_effort=None,
        seed=request.seed,
        policies_hash=case.policies_hash,
        cluster_hash=case.cluster.hash,
        scale=_scales(problem),
        statistics=outcome.statistics,
        limits=list(outcome.stopped_by),
        timings=timings,
    )


def _scales(problem: Problem) -> dict[str, Any]:
    names = problem.cluster.resources
    return {
        name: int(scale) if scale.denominator == 1 else float(scale)
        for name, scale in zip(names, problem.quantities.scale, strict=True)
    }


def certification(
    case: Case, pairs: Sequence[Pair], deadline: float | None, memory_limit_mb: int | None
) -> tuple[Certificate, list[Level], list[GaveUp], list[Move]]:
    """The parts of a certification of any placement."""
    problem = with_room(case.problem, pairs)
    try:
        judgement = certify(problem, pairs, deadline=deadline, memory_limit_mb=memory_limit_mb)
    except WorkerFailed as failed:
        raise DiagnosticError([_limit_reached(failed)], exit_code=6 if failed.setting else 1) from None
    return (
        certificate_of(problem, judgement),
        levels_of(problem, judgement, None),
        gave_up_of(problem, judgement, {}),
        moves_of(problem, pairs),
    )
