"""One question from start to answer: choose a strategy, solve, certify, put into words."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Literal

from shardwright.grammar.demands import demand
from shardwright.grammar.diagnostics import DiagnosticError
from shardwright.grammar.rules import Placed, Replicas, Rule
from shardwright.solver.answer import certificate_of, gave_up_of, levels_of, moves_of, placement_of
from shardwright.solver.bounds import best_bound
from shardwright.solver.certify import Judgement, Pair, certify
from shardwright.solver.conflicts.answer import Conflicts, conflicts_of
from shardwright.solver.conflicts.repairs.repair import with_repairs
from shardwright.solver.cores import Reasons, reasons_for
from shardwright.solver.exact import solve_exact
from shardwright.solver.limit_reached import limit_reached
from shardwright.solver.logic import LogicError
from shardwright.solver.outcome import Limits, Outcome
from shardwright.solver.problem import Problem, with_room
from shardwright.solver.processes import WorkerFailed
from shardwright.solver.proposal import propose
from shardwright.solver.request import Request, limits_of, solving_deadline, too_large
from shardwright.solver.result import Certificate, GaveUp, Level, Move, Placement, Result, Status
from shardwright.solver.strategy import Choice, choose
from shardwright.solver.tape import Tape

if TYPE_CHECKING:
    from shardwright.api import Case

REASONS_SECONDS = 5.0
REPAIRS_SECONDS = 10.0
REPAIR_SETTING = "max_repair_seconds"
BEST_EFFORT_SECONDS = 10.0
NODES_ALONE = "the cluster itself: its nodes do not allow more"


def solve(case: Case, request: Request) -> Result:
    """The result of a case, certified; raises DiagnosticError when a limit leaves nothing to tell."""
    started = time.monotonic()
    problem: Problem = case.problem
    ground = problem.requirements.seconds
    compiled = max(0.0, time.monotonic() - started - ground)
    timings = {"compile": round(compiled, 4), "ground": round(ground, 4)}
    try:
        return _solve(case, problem, request, timings)
    except WorkerFailed as failed:
        raise DiagnosticError([limit_reached(failed)], exit_code=6 if failed.setting else 1) from None


def _solve(case: Case, problem: Problem, request: Request, timings: dict[str, float]) -> Result:
    limits = limits_of(problem, request, solving_deadline(problem, request))
    began = time.monotonic()
    choice = choose(problem, request.strategy)
    outcome, choice = propose(problem, request, limits, choice)
    timings["search"] = round(time.monotonic() - began, 4)
    if outcome.status == "conflict":
        return _conflict(case, problem, request, outcome, choice, timings)
    answer = _answer(case, problem, outcome, request) if outcome.placement is not None else _NOTHING
    timings["certify"] = round(answer.certificate.seconds, 4) if answer.certificate else 0.0
    return _result(case, problem, request, outcome, answer, choice, timings)


@dataclass(frozen=True)
class _Answer:
    status: Status | None = None  # where it is known better than by the strategy
    placement: Placement | None = None
    moves: tuple[Move, ...] = ()
    levels: tuple[Level, ...] = ()
    gave_up: tuple[GaveUp, ...] = ()
    certificate: Certificate | None = None
    cut_reasons: dict[int, list[int] | None] = field(default_factory=dict)


_NOTHING = _Answer()


def _answer(case: Case, problem: Problem, outcome: Outcome, request: Request) -> _Answer:
    assert outcome.placement is not None
    judgement = outcome.judgement or certify(
        problem, outcome.placement, memory_limit_mb=request.memory_limit_mb
    )
    certificate = certificate_of(problem, judgement)
    bound = best_bound(problem, outcome.bound, judgement.level_costs)
    _refuse_what_logic_refuses(outcome, judgement, certificate)
    reasons = _reasons(problem, judgement, request)
    return _Answer(
        "optimal" if bound == judgement.level_costs else outcome.status,
        placement_of(problem, outcome.placement),
        tuple(moves_of(problem, outcome.placement)),
        tuple(levels_of(problem, judgement, bound)),
        tuple(gave_up_of(problem, case.policies, judgement, _because(problem, reasons))),
        certificate,
        reasons.cut,
    )


def _refuse_what_logic_refuses(outcome: Outcome, judgement: Judgement, certificate: Certificate) -> None:
    """INVARIANT: nobody sees a placement that the certificate rejects, nor an optimum that it denies."""
    if not certificate.certified:
        raise LogicError(f"the certificate rejects the placement: {certificate.violations[0].what}")
    if outcome.status == "optimal" and outcome.bound != judgement.level_costs:
        raise LogicError(f"proven at {outcome.bound}, certified at {judgement.level_costs}")


def _reasons(problem: Problem, judgement: Judgement, request: Request) -> Reasons:
    """Why something was given up, as far as it can be found within a few seconds."""
    if request.replay is not None:
        return reasons_for(problem, judgement, limits_of(problem, request, None), request.replay.reasons)
    deadline = time.monotonic() + REASONS_SECONDS
    limits = limits_of(problem, request, min(deadline, request.deadline or deadline))
    return reasons_for(problem, judgement, limits)


def _because(problem: Problem, reasons: Reasons) -> dict[int, list[str]]:
    """The reasons in words."""
    return {
        number: [f"`{rule.owner}`: {demand(rule)}" for rule in _telling(problem, others)] or [NODES_ALONE]
        for number, others in reasons.found.items()
    }


def _telling(problem: Problem, numbers: Sequence[int]) -> list[Rule]:
    """Policies first; that shards must stand somewhere goes without saying where a policy is to blame."""
    rules = [problem.rules[number] for number in numbers]
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
    tape = Tape(None if request.replay is None else request.replay.conflicts)
    limits = replace(limits_of(problem, request, _half(request)), tape=tape)
    found = conflicts_of(problem, case.policies, limits)
    effort = _Effort()
    if request.ways_out:
        found = _repaired(case, problem, request, found)
        effort = _best_effort(problem, request)
    timings["certify"] = round(effort.certificate.seconds, 4) if effort.certificate else 0.0
    timings["explain"] = round(time.monotonic() - began - timings["certify"], 4)
    answer = replace(_NOTHING, certificate=effort.certificate)
    listed = tape.record if tape.decided else None
    told = {"trials": found.trials, "best_effort": effort.race, "conflicts": listed}
    clocked = {name: value for name, value in told.items() if value is not None}
    outcome = replace(outcome, statistics={**outcome.statistics, **clocked})
    result = _result(case, problem, request, outcome, answer, choice, timings)
    return replace(
        result,
        conflicts=list(found.conflicts),
        conflicts_complete=found.complete,
        limits=list(dict.fromkeys([*result.limits, *found.stopped_by])),
        best_effort=effort.placement,
    )


def _half(request: Request) -> float | None:
    """When half of the time that is left is over."""
    if request.deadline is None:
        return None
    now = time.monotonic()
    return now + (request.deadline - now) / 2


def _repaired(case: Case, problem: Problem, request: Request, found: Conflicts) -> Conflicts:
    """With ways out, as far as they can be tried within a few seconds."""
    if request.replay is not None:
        limits = limits_of(problem, request, None)
        return with_repairs(case, found, limits, request.replay.trials, REPAIR_SETTING)
    enough = time.monotonic() + REPAIRS_SECONDS
    limits = limits_of(problem, request, min(enough, _half(request) or enough))
    try:
        return with_repairs(case, found, limits, setting=REPAIR_SETTING)
    except WorkerFailed:
        return found


@dataclass(frozen=True)
class _Effort:
    """`race` is what the clock has decided of it, for a replay: "none" where it left no time for any."""

    placement: Placement | None = None
    certificate: Certificate | None = None
    race: dict[str, Any] | Literal["none"] | None = None


def _best_effort(problem: Problem, request: Request) -> _Effort:
    """The certified placement that leaves out the least; none where a limit comes first, or would."""
    if too_large(problem, request):
        return _Effort()
    known = None if request.replay is None else request.replay.effort
    if known == "none":
        return _Effort(race="none")
    limits = _effort_limits(problem, request)
    try:
        effort = solve_exact(
            problem,
            limits,
            workers=request.workers,
            relaxed=_counting(problem),
            replay=known,
        )
        if effort.placement is None:
            return _Effort(race="none" if effort.status == "unknown" else None)
        judgement = certify(
            problem,
            effort.placement,
            deadline=request.deadline,
            memory_limit_mb=request.memory_limit_mb,
        )
    except WorkerFailed:
        return _Effort(race="none")
    return _Effort(
        placement_of(problem, effort.placement),
        certificate_of(problem, judgement),
        effort.statistics.get("race"),
    )


def _effort_limits(problem: Problem, request: Request) -> Limits:
    """Some seconds; a replay has as long as it takes."""
    if request.replay is not None:
        return limits_of(problem, request, None)
    enough = time.monotonic() + BEST_EFFORT_SECONDS
    deadline = min(enough, solving_deadline(problem, request) or enough)
    return replace(limits_of(problem, request, deadline), patience=deadline)


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
        status=answer.status or outcome.status,
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
        scale=scales(problem),
        statistics=outcome.statistics
        | (
            {"cut_reasons": {str(rule): core for rule, core in answer.cut_reasons.items()}}
            if answer.cut_reasons
            else {}
        ),
        limits=list(outcome.stopped_by),
        timings=timings,
    )


def scales(problem: Problem) -> dict[str, Any]:
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
        raise DiagnosticError([limit_reached(failed)], exit_code=6 if failed.setting else 1) from None
    return (
        certificate_of(problem, judgement),
        levels_of(problem, judgement, None),
        gave_up_of(problem, case.policies, judgement, {}),
        moves_of(problem, pairs),
    )
