"""Why not there: what forbids a replica on a node in every placement, or else what it would cost.

The price is that of the best placement with the replica there, beside the placement that is questioned.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Literal

import numpy as np

from shardwright.cluster.cluster import Settled
from shardwright.solver.answer import moves_between
from shardwright.solver.bounds import best_bound
from shardwright.solver.certify import Judgement, Pair, certify
from shardwright.solver.conflicts.answer import Conflicts, conflicts_of
from shardwright.solver.conflicts.counted import cannot_hold
from shardwright.solver.exact import Outcome
from shardwright.solver.problem import LevelKey, Problem
from shardwright.solver.processes import WorkerFailed, prepare
from shardwright.solver.proposal import propose
from shardwright.solver.recertify import Known, pairs_array, recertify
from shardwright.solver.request import Request, limits_of, solving_deadline
from shardwright.solver.result import Move
from shardwright.solver.strategy import SMALL_PAIRS, choose
from shardwright.solver.why.descent import nearby
from shardwright.solver.why.reasons import Reason

if TYPE_CHECKING:
    from shardwright.api import Case

# `here`: it holds one. `never`: a rule forbids it whatever stands elsewhere. `conflict`: rules forbid it
# together. `price`: it can be there, for this. `unknown`: a limit came first.
Verdict = Literal["here", "never", "conflict", "price", "unknown"]

# The search for the rest of a placement starts from the one in question, so it has little to do.
STEPS_PER_REPLICA = 600
LEAST_STEPS = 400_000
NEAREST_SECONDS = 4.0  # to look for what is nearest, where proving it would take long


@dataclass(frozen=True)
class Price:
    """What a replica there costs beside the placement that is questioned, at each level, and what moves.

    `now` and `there` are costs. No placement with the replica there and the same costs before costs less than
    `bound`. `proven`: both costs are known to be the least.
    """

    now: dict[LevelKey, int]
    there: dict[LevelKey, int]
    bound: dict[LevelKey, int]
    moves: tuple[Move, ...]
    proven: bool


@dataclass(frozen=True)
class WhyNot:
    """The answer for a shard and a node (rows)."""

    shard: int
    node: int
    verdict: Verdict
    reasons: tuple[Reason, ...]
    price: Price | None = None
    conflicts: Conflicts | None = None
    limits: tuple[str, ...] = ()


@dataclass(frozen=True)
class Asked:
    """What the price is asked of: policies on a cluster, the placement in question, and how to solve.

    `judged` is what the logic says of the placement, where that is known already.
    """

    case: Case
    placement: tuple[Pair, ...]
    request: Request
    judged: Judgement | None = None

    @property
    def problem(self) -> Problem:
        problem: Problem = self.case.problem
        return problem

    @cached_property
    def now(self) -> Judgement:
        """What the logic says of the placement in question."""
        return self.judged or _judged(self.problem, self.placement, self.request)

    def nearby(self, placement: Sequence[Pair]) -> Judgement:
        """What the logic says of a placement with the replica there that differs in few shards."""
        return recertify(
            self.problem,
            pairs_array(placement),
            Known(self.problem, pairs_array(self.placement), self.now),
            deadline=self.request.deadline,
            memory_limit_mb=self.request.memory_limit_mb,
        )

    @property
    def as_settled(self) -> Problem:
        """The problem as if the placement in question were the snapshot's own."""
        cluster = self.case.cluster
        problem: Problem = replace(
            self.case, cluster=replace(cluster, settled=_settled(self.placement))
        ).problem
        return problem


def _settled(placement: Sequence[Pair]) -> Settled:
    """Nobody leads: roles decide nothing here."""
    table = np.array(sorted(placement), dtype=np.int32).reshape(-1, 2)
    return Settled(table[:, 0].copy(), table[:, 1].copy(), np.zeros(len(table), dtype=np.int32), ("",))


def why_not(asked: Asked, row: int, node: int, here: bool, local: tuple[Reason, ...], proven: bool) -> WhyNot:
    """What keeps a shard (row) off a node (row), or the price; `local` are the reasons of one exchange.

    `proven`: the placement in question is known to be the best.
    """
    answer = WhyNot(row, node, "here", local)
    if here:
        return answer
    try:
        outcome, price = price_of(asked, (row, node), proven)
        if price is not None:
            return replace(answer, verdict="price", price=price)
        if outcome.status != "conflict":
            return replace(answer, verdict="unknown", limits=outcome.stopped_by)
        pinned = replace(asked.problem, pinned=((row, node),))
        found = conflicts_of(
            pinned, asked.case.policies, limits_of(pinned, asked.request, asked.request.deadline)
        )
    except WorkerFailed as failed:
        if failed.setting is None:
            raise
        return replace(answer, verdict="unknown", limits=(failed.setting,))
    return replace(answer, verdict="conflict", conflicts=found, limits=found.stopped_by)


def price_of(asked: Asked, pair: Pair, proven: bool) -> tuple[Outcome, Price | None]:
    """The best placement with the pair in it, and its price; None where there is none, or none was found."""
    pinned = replace(asked.problem, pinned=(pair,))
    now = asked.now
    outcome = _proposed(asked, pinned, pair, now)
    if outcome.placement is None:
        return outcome, None
    there = outcome.judgement or _judged(pinned, outcome.placement, asked.request)
    if there.faults(pinned):
        return replace(outcome, status="unknown", placement=None), None
    moves = moves_between(asked.problem, asked.placement, outcome.placement)
    bound = _bound(pinned, outcome, now, there, proven)
    least = proven and bound == there.level_costs
    told = dict(zip(pinned.levels, bound, strict=True))
    return outcome, Price(now.costs, there.costs, told, tuple(moves), least)


def _bound(
    pinned: Problem, outcome: Outcome, now: Judgement, there: Judgement, best_now: bool
) -> tuple[int, ...]:
    """What is known of the least costs with the replica there: no less than without it, if `best_now`."""
    costs = there.level_costs
    if outcome.status == "optimal" or (best_now and costs == now.level_costs):
        return costs
    found = list(best_bound(pinned, outcome.bound, costs))
    if best_now:
        for at, (cost, before) in enumerate(zip(costs, now.level_costs, strict=True)):
            found[at] = max(found[at], before)
            if cost != before:
                break
    return tuple(found)


def _judged(problem: Problem, placement: Sequence[Pair], request: Request) -> Judgement:
    return certify(problem, placement, deadline=request.deadline, memory_limit_mb=request.memory_limit_mb)


def _proposed(asked: Asked, pinned: Problem, pair: Pair, now: Judgement) -> Outcome:
    """Exact where few enough to prove what is nearest; beyond, search from the placement in question, and
    exact for a while where it may prove what costs least.
    """
    request = asked.request
    limits = limits_of(pinned, request, solving_deadline(pinned, request))
    near = replace(pinned, near=asked.placement)
    if _few(pinned) or request.strategy == "exact":
        return propose(near, request, limits, choose(near, "exact"))[0]
    prepare(1, "anneal")  # it loads what it needs while exchanges are looked at
    if cannot_hold(pinned, limits):
        return Outcome("conflict", None, (), {})
    found = _exchanged(asked, pinned, pair, now)
    if found.status == "optimal":
        return found
    searched = _searched(asked, pinned, pair)
    found = _cheaper(found, searched, now, pinned)
    choice = choose(pinned, request.strategy)
    if found.judgement is None:
        return propose(near, request, limits, choice)[0]
    if choice.strategy == "search" or found.status == "optimal":
        return found
    enough = time.monotonic() + NEAREST_SECONDS
    brief = replace(limits, deadline=min(enough, limits.deadline or enough))
    return _better(found, propose(near, replace(request, deadline=brief.deadline), brief, choice)[0], asked)


def _exchanged(asked: Asked, pinned: Problem, pair: Pair, now: Judgement) -> Outcome:
    """The best that few exchanges come to; those that break what must hold are passed over."""
    found = Outcome("unknown", None, (), {})
    for placement in nearby(asked.problem, asked.placement, *pair):
        judgement = asked.nearby(placement)
        if judgement.faults(pinned):
            continue
        found = _cheaper(found, Outcome("feasible", list(placement), (), {}, (), judgement), now, pinned)
        if found.status == "optimal":
            break
    return found


def _proven(found: Outcome, now: Judgement, pinned: Problem) -> Outcome:
    """Optimal where counting shows it, or where it costs no more than what is in question."""
    assert found.judgement is not None
    costs = found.judgement.level_costs
    if costs == now.level_costs or best_bound(pinned, (), costs) == costs:
        return replace(found, status="optimal", bound=costs)
    return found


def _cheaper(found: Outcome, other: Outcome, now: Judgement, pinned: Problem) -> Outcome:
    """The one that costs less; of equal ones the first, which is nearer."""
    if other.judgement is None:
        return found
    if found.judgement is not None and found.judgement.level_costs <= other.judgement.level_costs:
        return found
    return _proven(other, now, pinned)


def _better(found: Outcome, other: Outcome, asked: Asked) -> Outcome:
    """The one that costs less, proven where the other's bound says so."""
    if other.placement is None:
        return found
    assert found.judgement is not None
    judged = replace(other, judgement=_judged(asked.problem, other.placement, asked.request))
    assert judged.judgement is not None
    best = judged if judged.judgement.level_costs <= found.judgement.level_costs else found
    assert best.judgement is not None
    return replace(best, status="optimal" if other.bound == best.judgement.level_costs else "feasible")


def _few(problem: Problem) -> bool:
    return len(problem.cluster.shards.ids) * len(problem.cluster.nodes.ids) <= SMALL_PAIRS


def _searched(asked: Asked, pinned: Problem, pair: Pair) -> Outcome:
    """Search from the placement in question, so that as much of it stays as goals allow; certified, or none.

    What stands and what arrives is told apart by another placement there, so this proves nothing.
    """
    near = replace(asked.as_settled, pinned=(pair,))
    steps = asked.request.steps or max(LEAST_STEPS, STEPS_PER_REPLICA * int(near.ceiling.sum()))
    # One worker: where the first of several is done the others end, and the next question waits for new ones.
    request = replace(asked.request, steps=steps, strategy="search", workers=1)
    limits = limits_of(near, request, solving_deadline(near, request))
    outcome, _ = propose(near, request, limits, choose(near, "search"))
    if outcome.placement is None:
        return Outcome("unknown", None, (), {}, outcome.stopped_by)
    judgement = _judged(pinned, outcome.placement, request)
    if judgement.faults(pinned):
        return Outcome("unknown", None, (), {}, outcome.stopped_by)
    return replace(outcome, status="feasible", judgement=judgement)
