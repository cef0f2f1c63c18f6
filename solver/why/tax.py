"""The tax of a policy: what the others pay for it, seen by solving once more as if it said nothing."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

from shardwright.grammar.rules import Apart, Balance, Capacity, Headroom, Together
from shardwright.policies.policy import NotApplied, Policy
from shardwright.solver.answer import moves_of
from shardwright.solver.bounds import best_bound
from shardwright.solver.certify import Judgement, Pair, certify
from shardwright.solver.problem import LevelKey, Problem, with_room
from shardwright.solver.processes import WorkerFailed
from shardwright.solver.proposal import propose
from shardwright.solver.request import Request, limits_of, solving_deadline
from shardwright.solver.result import Status
from shardwright.solver.strategy import choose
from shardwright.solver.why.exchange import Scales
from shardwright.solver.why.glance import Glance, shapes
from shardwright.solver.why.redundant import is_redundant
from shardwright.solver.why.standing import Standing

if TYPE_CHECKING:
    from shardwright.api import Case

# `blocks`: only without it is there an answer. `enables`: only with it. `costs`, `saves`: without it the
# others pay less, or more. `decides`: they pay the same, but what is best without it is not best with it, or
# the other way round. `never`: the answer with it and the answer without it are each best either way, or
# there is none either way. `idle`: no exchange of a replica around the answer shows any use of it; more is
# not proven. `unknown`: a limit came first.
Verdict = Literal["blocks", "enables", "costs", "saves", "decides", "never", "idle", "unknown"]

Costs = dict[LevelKey, int]

LEAST_SECONDS = 1.0  # no solve is begun with less


@dataclass(frozen=True)
class Best:
    """What was found for a problem; `judgement` is there where `placement` is.

    No placement with the same costs at the levels before costs less at a level than its `bound`.
    """

    problem: Problem
    status: Status
    placement: tuple[Pair, ...] | None = None
    judgement: Judgement | None = None
    limits: tuple[str, ...] = ()
    bound: tuple[int, ...] = ()

    @property
    def moves(self) -> int:
        return len(moves_of(self.problem, self.placement)) if self.placement is not None else 0


@dataclass(frozen=True)
class Tax:
    """The tax of a policy. `paid` and `free` are what the others pay in the answer with and without it.

    Both are judged by the other policies alone; they are empty where there is no answer to compare. `proven`:
    both answers are known to be the best, or that there is none. `sure`: the verdict is proven, though the
    amounts may not be.
    """

    policy: str
    verdict: Verdict
    proven: bool
    without: Best | None
    paid: Costs
    free: Costs
    limits: tuple[str, ...] = ()
    costly: bool = False  # that the others pay for it is proven, whatever the best answers are

    @property
    def sure(self) -> bool:
        return self.proven or self.costly


@dataclass(frozen=True)
class Taxes:
    """All of them, in the order of priority; `best` is the answer with all policies."""

    best: Best
    taxes: tuple[Tax, ...]
    not_applied: tuple[NotApplied, ...] = ()

    @property
    def limits(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys([*self.best.limits, *(name for tax in self.taxes for name in tax.limits)]))


def taxes(case: Case, request: Request) -> Taxes:
    """The tax of every policy in force, as far as the deadline allows; half of the time is for the answer."""
    policies = sorted(case.policies, key=lambda policy: (policy.model.priority, policy.name))
    started = time.monotonic()
    best = best_of(case.problem, _within(request, 2))
    took = time.monotonic() - started
    share = _share(policies, request)
    if best.judgement is None or took <= share:
        found = _again(case, best, list(_each(case, best, policies, request)), request, share)
    else:
        found = glanced(case, best, policies, request, took)
    return Taxes(best, tuple(found), case.not_applied)


def _share(policies: Sequence[Policy], request: Request) -> float:
    """The seconds that there are for each of some policies."""
    return _left(request) / max(1, len(policies))


def _each(case: Case, best: Best, policies: Sequence[Policy], request: Request) -> Iterator[Tax]:
    for at, policy in enumerate(policies):
        if is_silent(best.problem, policy.name) or is_redundant(best.problem, policy.name):
            yield Tax(policy.name, "never", True, best, {}, {})
        elif best.status == "unknown" or _left(request) < LEAST_SECONDS:
            yield Tax(policy.name, "unknown", False, None, {}, {}, best.limits or ("time_limit",))
        else:
            yield _tax(case, best, policy.name, _within(request, len(policies) - at))


def _again(case: Case, best: Best, found: list[Tax], request: Request, share: float) -> list[Tax]:
    """Those that are not proven once more, where others have left more time for them than their `share`."""
    late = [at for at, tax in enumerate(found) if not tax.proven and "time_limit" in tax.limits]
    if best.status == "unknown" or not late or _left(request) <= max(LEAST_SECONDS, share) * len(late):
        return found
    for number, at in enumerate(late):
        tax = _tax(case, best, found[at].policy, _within(request, len(late) - number))
        if tax.proven or tax.verdict != "unknown":
            found[at] = tax
    return found


def glanced(case: Case, best: Best, policies: Sequence[Policy], request: Request, took: float) -> list[Tax]:
    """Where each solve would take longer than there is time for: exchanges around the answer tell of most
    policies; the others are solved without, as long as there is time for it.
    """
    assert best.placement is not None
    assert best.judgement is not None
    glance = Glance(Scales(Standing(best.problem, best.placement)), best.judgement)
    found: dict[str, Tax] = {}
    for policy in policies:
        if is_silent(best.problem, policy.name) or is_redundant(best.problem, policy.name):
            found[policy.name] = Tax(policy.name, "never", True, best, {}, {})
        elif _left(request) >= LEAST_SECONDS:
            found[policy.name] = _seen(case, best, policy.name, glance, request)
    # Those of which nothing is seen come first: of the others something is told already.
    for policy in sorted(
        policies, key=lambda one: one.name in found and found[one.name].verdict != "unknown"
    ):
        tax = found.get(policy.name)
        if (tax is None or not tax.proven) and _left(request) >= max(LEAST_SECONDS, took):
            solved = _tax(case, best, policy.name, _within(request, int(_left(request) / took)))
            if tax is None or solved.proven or solved.verdict != "unknown":
                found[policy.name] = solved
    late = ("time_limit",)
    return [found.get(one.name) or Tax(one.name, "unknown", False, None, {}, {}, late) for one in policies]


def _seen(case: Case, best: Best, policy: str, glance: Glance, request: Request) -> Tax:
    """The tax as far as exchanges show it."""
    late = ("time_limit",)
    without = _without(case, policy)
    try:
        seen = glance.at(policy, without, request.deadline)
    except WorkerFailed as failed:
        if failed.setting is None:
            raise
        return Tax(policy, "unknown", False, None, {}, {}, (failed.setting,))
    if seen is None:
        return Tax(policy, "unknown", False, None, {}, {}, late)
    here, there = seen.here, seen.there
    verdict: Verdict = "decides" if seen.minded else _verdict(here, there)
    # What is best without a policy that asks for nothing more is best with it.
    proven = seen.least and (best.status == "optimal" or (verdict == "never" and _asks_nothing(best, policy)))
    if verdict == "never" and not proven:
        verdict = "idle"
    status: Status = "optimal" if seen.least else "feasible"
    limits = () if proven else late
    answer = Best(without, status, seen.placement, there, limits)
    costly = is_costly(best, policy, here.costs, there.costs)
    return Tax(policy, verdict, proven, answer, here.costs, there.costs, limits, costly)


def _asks_nothing(best: Best, policy: str) -> bool:
    """Whether no rule of a policy is broken or costs anything in the answer."""
    assert best.judgement is not None
    return all(best.problem.rules[broken.rule].policy != policy for broken in best.judgement.amounts)


def _without(case: Case, policy: str) -> Problem:
    """The problem in which a policy says nothing; those that depend on it stay in force."""
    others = tuple(one for one in case.policies if one.name != policy)
    problem: Problem = replace(case, policies=others).problem
    return problem


def is_silent(problem: Problem, policy: str) -> bool:
    """Whether no rule of a policy speaks about any shard of the cluster, or weighs its nodes."""
    weighs = (Apart, Together, Capacity, Balance, Headroom)
    return not any(
        problem.requirements.speaks[rule.id].any() or isinstance(rule.kind, weighs)
        for rule in problem.rules
        if rule.policy == policy
    )


def _left(request: Request) -> float:
    return float("inf") if request.deadline is None else request.deadline - time.monotonic()


def _within(request: Request, shares: int) -> Request:
    """The request with one of so many equal shares of the time that is left."""
    if request.deadline is None:
        return request
    return replace(request, deadline=time.monotonic() + max(LEAST_SECONDS, _left(request) / shares))


def best_of(problem: Problem, request: Request) -> Best:
    """The best placement that can be found in time, judged by the logic."""
    try:
        limits = limits_of(problem, request, solving_deadline(problem, request))
        outcome, _ = propose(problem, request, limits, choose(problem, request.strategy))
        if outcome.placement is None:
            return Best(problem, outcome.status, limits=outcome.stopped_by)
        judgement = outcome.judgement or _judged(problem, outcome.placement, request)
    except WorkerFailed as failed:
        if failed.setting is None:
            raise
        return Best(problem, "unknown", limits=(failed.setting,))
    costs = judgement.level_costs
    bound = costs if outcome.status == "optimal" else best_bound(problem, outcome.bound, costs)
    status: Status = "optimal" if bound == costs else outcome.status
    return Best(problem, status, tuple(outcome.placement), judgement, outcome.stopped_by, bound)


def _judged(problem: Problem, placement: Sequence[Pair], request: Request) -> Judgement:
    return certify(problem, placement, memory_limit_mb=request.memory_limit_mb)


def _tax(case: Case, best: Best, policy: str, request: Request) -> Tax:
    without = best_of(_without(case, policy), request)
    proven = {best.status, without.status} <= {"optimal", "conflict"}
    if best.placement is None or without.placement is None:
        return Tax(policy, _of_statuses(best, without), proven, without, {}, {}, without.limits)
    room = with_room(without.problem, best.placement)
    here = _judged(room, best.placement, request)
    there = _judged(room, without.placement, request) if room is not without.problem else without.judgement
    assert there is not None
    if without.status != "optimal" and not here.faults(room) and here.level_costs < there.level_costs:
        there = here  # the answer with it is the better one without it, too
    verdict = _verdict(here, there)
    if verdict == "never" and not _as_good(best, without.placement, request, bool(here.faults(room))):
        verdict = "decides"
    if verdict == "never" and not proven:
        verdict = "unknown"
    costly = is_costly(best, policy, here.costs, there.costs)
    return Tax(policy, verdict, proven, without, here.costs, there.costs, without.limits, costly)


def is_costly(best: Best, policy: str, here: Costs, there: Costs) -> bool:
    """Whether in every best answer with a policy the others pay more than in a placement that is known.

    `there` are the others' costs in that placement, `here` in the answer with the policy. Down to the level
    that tells them apart the answer has to meet its bounds, and there the bound has to be beyond `there`.
    """
    assert best.judgement is not None
    own = [rule for rule in best.problem.rules if rule.policy == policy]
    if shapes(best.problem, own):
        return False  # the others' rules mean something else without it
    shared = {rule.level for rule in own}
    levels = zip(best.problem.levels, best.judgement.level_costs, best.bound, strict=True)
    for level, cost, bound in levels:
        if level not in shared and there[level] < bound:
            return True
        if bound < cost or (level in here and (level in shared or there[level] != here[level])):
            return False
    return False


def _of_statuses(best: Best, without: Best) -> Verdict:
    if without.status == "unknown":
        return "unknown"
    if best.status == "conflict":
        return "never" if without.status == "conflict" else "blocks"
    return "enables"


def _verdict(here: Judgement, there: Judgement) -> Verdict:
    """By the first level at which the answers with and without the policy differ."""
    if here.level_costs == there.level_costs:
        return "never"
    return "costs" if here.level_costs > there.level_costs else "saves"


def _as_good(best: Best, other: Sequence[Pair], request: Request, broken: bool) -> bool:
    """Whether each answer would do in place of the other; `broken`: the one with it would not."""
    if broken:
        return False
    assert best.judgement is not None
    room = with_room(best.problem, other)
    if room is not best.problem:
        return False  # more replicas than anybody wants, with the policy
    judged = _judged(room, other, request)
    return not judged.faults(room) and judged.level_costs == best.judgement.level_costs
