"""The tax of a policy at a glance: exchanges around the answer, where there is no time to solve without it.

An exchange only proposes. What the others pay for it is judged by the logic, and that nothing costs them less
is said only where bounds prove it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

import numpy as np

from shardwright.cluster.cluster import IntArray
from shardwright.grammar.rules import Allow, Capacity, Replicas, Rule, Spread
from shardwright.solver.bounds import best_bound
from shardwright.solver.certify import Broken, Judgement, Pair, level_costs
from shardwright.solver.problem import LevelKey, Problem
from shardwright.solver.quantities import LongArray
from shardwright.solver.recertify import Known, recertify
from shardwright.solver.why.exchange import Exchanges, Scales, exchanges_of
from shardwright.solver.why.standing import NOBODY, Batch

Order = Literal[-1, 0, 1]  # better, the same, worse
Placement = tuple[Pair, ...]


@dataclass(frozen=True)
class Seen:
    """What the others pay in the answer (`here`) and in the best placement that was seen (`there`).

    `least`: that nothing costs them less is proven. `minded`: a placement was seen that costs them as little
    as the answer, and that the policy forbids or pays for.
    """

    here: Judgement
    there: Judgement
    placement: Placement
    least: bool
    minded: bool


@dataclass(frozen=True)
class Glance:
    """An answer with all policies, and its judgement."""

    scales: Scales
    judgement: Judgement

    @property
    def problem(self) -> Problem:
        return self.scales.standing.problem

    @property
    def answer(self) -> Placement:
        return self.scales.standing.placement

    def at(self, policy: str, without: Problem, deadline: float | None = None) -> Seen | None:
        """What is seen of a policy; `without` is the problem in which it says nothing.

        None where the policy shapes what other rules mean: then the judgement of theirs says nothing.
        """
        own = [rule for rule in self.problem.rules if rule.policy == policy]
        if not own or shapes(self.problem, own):
            return None
        here = self._of_others(policy, without)
        known = Known(without, _array(self.answer), here)
        exchanges = self._exchanges(own)
        best, placement = here, self.answer
        for proposal in self._better(exchanges.without(policy)):
            judged = recertify(without, _array(proposal), known, deadline=deadline)
            if not judged.faults(without) and judged.level_costs < best.level_costs:
                best, placement = judged, proposal
        least = not self._is_open(here, best) and (
            best_bound(without, (), best.level_costs) == best.level_costs
        )
        minded = best is here and self._is_minded(exchanges, policy, without, known, deadline)
        return Seen(here, best, placement, least, minded)

    @cached_property
    def _gaps(self) -> frozenset[LevelKey]:
        """Levels at which bounds do not prove the answer the best."""
        costs = self.judgement.level_costs
        bounds = best_bound(self.problem, (), costs)
        levels = zip(self.problem.levels, bounds, costs, strict=True)
        return frozenset(level for level, bound, cost in levels if bound < cost)

    def _is_open(self, here: Judgement, best: Judgement) -> bool:
        """Whether a gap remains that the policy has nothing to do with: without it bounds are no higher."""
        return any(
            best.costs.get(level) == here.costs.get(level) == self.judgement.costs[level]
            for level in self._gaps
        )

    def _of_others(self, policy: str, without: Problem) -> Judgement:
        """The answer's judgement without what the policy says; its rules stand in the same order there."""
        others = [rule for rule in self.problem.rules if rule.policy != policy]
        number = {rule.id: other.id for rule, other in zip(others, without.rules, strict=True)}
        kept = [broken for broken in self.judgement.amounts if broken.rule in number]
        paid = level_costs(self.problem, kept)
        amounts = tuple(Broken(number[b.rule], b.what, b.amount, b.tolerated) for b in kept)
        return Judgement(amounts, {level: paid[level] for level in without.levels}, 0, 0.0)

    def _exchanges(self, own: Sequence[Rule]) -> Exchanges:
        """Those of the shards that the policy speaks about."""
        speaks = self.problem.requirements.speaks[[rule.id for rule in own]].any(axis=0)
        rows = np.flatnonzero(np.asarray(speaks)[self.scales.standing.class_of]).astype(np.int32)
        return exchanges_of(self.scales, Batch(self.scales.standing, rows))

    def _better(self, exchanges: Exchanges) -> Iterator[Placement]:
        """The best exchange for the others, and the best one of each shard all at once."""
        changes = _changes(exchanges)
        flat = changes.reshape(len(changes), -1)
        order = np.lexsort(flat[::-1])
        better = [cell for cell in order.tolist() if _sign(flat[:, cell]) < 0 and not _held(exchanges, cell)]
        if not better:
            return
        nodes = exchanges.batch.shape[1]
        yield self._exchanged(exchanges, better[:1])
        of_each: dict[int, int] = {}
        for cell in better:
            of_each.setdefault(cell // nodes, cell)
        if len(of_each) > 1:
            yield self._exchanged(exchanges, list(of_each.values()))

    def _is_minded(
        self, exchanges: Exchanges, policy: str, without: Problem, known: Known, deadline: float | None
    ) -> bool:
        """Whether an exchange that is free for the others is none for the policy."""
        free, full = _changes(exchanges.without(policy)), _changes(exchanges)
        flat = (full.reshape(len(full), -1), free.reshape(len(free), -1))
        cells = np.flatnonzero((flat[1] == 0).all(axis=0) & (flat[0] != 0).any(axis=0)).tolist()
        cell = next((c for c in cells if _sign(flat[0][:, c]) > 0 and not _held(exchanges, c)), None)
        if cell is None:
            return False
        proposal = _array(self._exchanged(exchanges.without(policy), [cell]))
        judged = recertify(without, proposal, known, deadline=deadline)
        if judged.faults(without) or judged.level_costs != known.judgement.level_costs:
            return False
        whole = recertify(
            self.problem, proposal, Known(self.problem, known.placement, self.judgement), deadline=deadline
        )
        return bool(whole.faults(self.problem)) or whole.level_costs > self.judgement.level_costs

    def _exchanged(self, exchanges: Exchanges, cells: Sequence[int]) -> Placement:
        placement = set(self.answer)
        batch = exchanges.batch
        for cell in cells:
            at, node = divmod(cell, batch.shape[1])
            row, option = int(batch.rows[at]), int(exchanges.leaves[at, node])
            held = batch.held[at].tolist()
            gone = held[option] if option < len(held) else NOBODY
            placement -= {(row, gone)}
            placement |= {(row, node)}
        return tuple(sorted(placement))


def _changes(exchanges: Exchanges) -> LongArray:
    """What each exchange changes: faults first, then the levels; shape (1 + levels, rows, nodes)."""
    return np.stack([exchanges.fault, *(exchanges.cost(level) for level in exchanges.levels)])


def _sign(changes: LongArray) -> Order:
    """What changes first decides."""
    told = changes[np.flatnonzero(changes)[:1]]
    return 0 if not len(told) else -1 if told[0] < 0 else 1


def _held(exchanges: Exchanges, cell: int) -> bool:
    at, node = divmod(cell, exchanges.batch.shape[1])
    return bool(exchanges.batch.is_held[at, node])


def shapes(problem: Problem, own: Sequence[Rule]) -> bool:
    """Whether some rule decides what others mean: counts, skews, the limits that replace built-in ones."""
    skewed = any(isinstance(rule.kind, Spread) and rule.kind.limit == "max_skew" for rule in problem.rules)
    return any(
        (isinstance(rule.kind, Replicas) and rule.kind.key is None)
        or isinstance(rule.kind, Capacity)
        or (skewed and isinstance(rule.kind, Allow) and not rule.kind.arrivals)
        for rule in own
    )


def _array(placement: Sequence[Pair]) -> IntArray:
    return np.array(placement, dtype=np.int32).reshape(-1, 2)
