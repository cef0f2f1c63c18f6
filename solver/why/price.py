"""What a replica elsewhere would cost: the best placement with it there, beside the one in question."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from shardwright.cluster.cluster import IntArray
from shardwright.solver.answer import moves_between
from shardwright.solver.bounds import best_bound, ideal
from shardwright.solver.certify import Judgement, Pair, certify
from shardwright.solver.conflicts.counted import cannot_hold
from shardwright.solver.outcome import Limits, Outcome
from shardwright.solver.problem import LevelKey, Problem
from shardwright.solver.processes import WorkerFailed, prepare
from shardwright.solver.proposal import propose
from shardwright.solver.recertify import Known, pairs_array, recertify
from shardwright.solver.request import Request, limits_of, solving_deadline
from shardwright.solver.result import Move
from shardwright.solver.strategy import SMALL_PAIRS, choose
from shardwright.solver.why.descent import nearby

if TYPE_CHECKING:
    from shardwright.api import Case

# Search for what few exchanges do not come to, for each replica that is free to move.
STEPS_PER_REPLICA = 1_000
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
class Asked:
    """What the price is asked of: policies on a cluster, the placement in question, and how to solve.

    `best`: that placement is known to be the best. `judged` is what the logic says of it, where that is known
    already.
    """

    case: Case
    placement: tuple[Pair, ...]
    request: Request
    best: bool = False
    judged: Judgement | None = None

    @property
    def problem(self) -> Problem:
        problem: Problem = self.case.problem
        return problem

    @cached_property
    def now(self) -> Judgement:
        """What the logic says of the placement in question."""
        return self.judged or self.judge(self.problem, self.placement)

    @cached_property
    def pairs(self) -> IntArray:
        return pairs_array(self.placement)

    def judge(self, problem: Problem, placement: Sequence[Pair]) -> Judgement:
        request = self.request
        return certify(problem, placement, deadline=request.deadline, memory_limit_mb=request.memory_limit_mb)

    def nearby(self, placement: Sequence[Pair]) -> Judgement:
        """What the logic says of a placement with the replica there that differs in few shards."""
        return recertify(
            self.problem,
            pairs_array(placement),
            Known(self.problem, self.pairs, self.now),
            deadline=self.request.deadline,
            memory_limit_mb=self.request.memory_limit_mb,
        )


def price_of(asked: Asked, pair: Pair) -> tuple[Outcome, Price | None]:
    """The best placement with the pair in it, and its price; None where there is none, or none was found."""
    pinned = replace(asked.problem, pinned=(pair,))
    now = asked.now
    outcome = _Pricing(asked, pinned, pair).outcome()
    if outcome.placement is None:
        return outcome, None
    there = outcome.judgement or asked.judge(pinned, outcome.placement)
    if there.faults(pinned):
        return replace(outcome, status="unknown", placement=None), None
    moves = moves_between(asked.problem, asked.placement, outcome.placement)
    bound = _bound(pinned, outcome, now, there, asked.best)
    least = asked.best and bound == there.level_costs
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


@dataclass(frozen=True)
class _Pricing:
    """The search for the best placement with a pair (shard row, node row) in it."""

    asked: Asked
    pinned: Problem
    pair: Pair

    def outcome(self) -> Outcome:
        """Exact where few enough to prove what is nearest; beyond, a few exchanges, then search around them,
        and exact for a while where it may prove what costs least.
        """
        asked, pinned, request = self.asked, self.pinned, self.asked.request
        limits = limits_of(pinned, request, solving_deadline(pinned, request))
        near = replace(pinned, near=asked.placement)
        if _few(pinned) or request.strategy == "exact":
            return propose(near, request, limits, choose(near, "exact"))[0]
        prepare(1, "anneal")  # it loads what it needs while exchanges are looked at
        if cannot_hold(pinned, limits):
            return Outcome("conflict", None, (), {})
        found = self._exchanged()
        if found.status == "optimal":
            return found
        found = self._cheaper(found, self._searched(found, limits))
        choice = choose(pinned, request.strategy)
        if found.judgement is None:
            return propose(near, request, limits, choice)[0]
        if choice.strategy == "search" or found.status == "optimal":
            return found
        enough = time.monotonic() + NEAREST_SECONDS
        brief = replace(limits, deadline=min(enough, limits.deadline or enough))
        return self._better(found, propose(near, replace(request, deadline=brief.deadline), brief, choice)[0])

    def _exchanged(self) -> Outcome:
        """The best that few exchanges come to; those that break what must hold are passed over."""
        found = Outcome("unknown", None, (), {})
        for placement in nearby(self.asked.problem, self.asked.placement, *self.pair):
            judgement = self.asked.nearby(placement)
            if judgement.faults(self.pinned):
                continue
            found = self._cheaper(found, Outcome("feasible", list(placement), (), {}, (), judgement))
            if found.status == "optimal":
                break
        return found

    def _searched(self, found: Outcome, limits: Limits) -> Outcome:
        """Search with the shards free that are or were settled where a replica arrives or may leave; from the
        best that is found so far, and from others where the shard leaves a crowded node instead of another.

        What costs no more than the placement in question is good enough, even if that is not the best itself.
        """
        from shardwright.solver.search.around import search_around

        asked, request = self.asked, self.asked.request
        start = self._first() if found.placement is None else pairs_array(found.placement)
        free = self._free()
        replicas = int(self.pinned.ceiling[free].sum())
        bound = max(tuple(ideal(self.pinned).values()), asked.now.level_costs)
        try:
            placement = search_around(
                self.pinned,
                asked.pairs,
                start,
                self.pair,
                free,
                bound,
                limits,
                seed=request.seed,
                steps=request.steps or max(LEAST_STEPS, STEPS_PER_REPLICA * replicas),
            )
        except WorkerFailed as failed:
            if failed.setting is None:
                raise
            return Outcome("unknown", None, (), {}, (failed.setting,))
        if placement is None:
            return Outcome("unknown", None, (), {})
        judgement = asked.nearby(placement)
        if judgement.faults(self.pinned):
            return Outcome("unknown", None, (), {})
        return Outcome("feasible", placement, (), {}, (), judgement)

    def _first(self) -> IntArray:
        """The placement in question with the replica there, one less elsewhere if that were too many."""
        shard, _ = self.pair
        pairs = self.asked.pairs
        held = np.flatnonzero(pairs[:, 0] == shard)
        if len(held) >= self.pinned.ceiling[shard]:
            pairs = np.delete(pairs, held[0], axis=0)
        return np.concatenate([pairs, np.array([self.pair], dtype=pairs.dtype)])

    def _free(self) -> IntArray:
        """The shards that are, or were settled, on the nodes that the shard and its new replica speak of."""
        shard, node = self.pair
        settled = self.pinned.cluster.settled
        both = [self.asked.pairs, np.stack([settled.shard, settled.node], axis=1)]
        nodes = np.concatenate([[node], *(pairs[pairs[:, 0] == shard, 1] for pairs in both)])
        found: IntArray = np.unique(
            np.concatenate([[shard], *(pairs[np.isin(pairs[:, 1], nodes), 0] for pairs in both)])
        ).astype(np.int32)
        return found

    def _cheaper(self, found: Outcome, other: Outcome) -> Outcome:
        """The one that costs less; of equal ones the first, which is nearer."""
        if other.judgement is None:
            return found
        if found.judgement is not None and found.judgement.level_costs <= other.judgement.level_costs:
            return found
        return self._proven(other)

    def _proven(self, found: Outcome) -> Outcome:
        """Optimal where counting shows it, or where it costs no more than the best placement of all."""
        assert found.judgement is not None
        costs = found.judgement.level_costs
        best = self.asked.best and costs == self.asked.now.level_costs
        if best or best_bound(self.pinned, (), costs) == costs:
            return replace(found, status="optimal", bound=costs)
        return found

    def _better(self, found: Outcome, other: Outcome) -> Outcome:
        """The one that costs less, proven where the other's bound says so."""
        if other.placement is None:
            return found
        assert found.judgement is not None
        judged = replace(other, judgement=self.asked.judge(self.asked.problem, other.placement))
        assert judged.judgement is not None
        best = judged if judged.judgement.level_costs <= found.judgement.level_costs else found
        assert best.judgement is not None
        return replace(best, status="optimal" if other.bound == best.judgement.level_costs else "feasible")


def _few(problem: Problem) -> bool:
    return len(problem.cluster.shards.ids) * len(problem.cluster.nodes.ids) <= SMALL_PAIRS
