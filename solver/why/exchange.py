"""Exchanges: a replica of a shard arrives on a node, another leaves (or nobody); what that changes.

The best choice of who leaves is made level by level: first what must not be broken, then the levels in
their order. Nothing is solved: every other replica stays where it is.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from shardwright.cluster.cluster import IntArray
from shardwright.grammar.rules import (
    Allow,
    Apart,
    Balance,
    Capacity,
    Cost,
    FewestMoves,
    Headroom,
    Leave,
    Nearness,
    NodeState,
    OnePerNode,
    Pack,
    Placed,
    Prefer,
    Replicas,
    Rule,
    Spread,
    Stay,
    Together,
)
from shardwright.solver.problem import LevelKey
from shardwright.solver.quantities import LongArray
from shardwright.solver.why.circle import Circle
from shardwright.solver.why.company import company
from shardwright.solver.why.counts import total, valued
from shardwright.solver.why.effects import Change, Effect
from shardwright.solver.why.meters import Gauge, gauges, in_use, metered
from shardwright.solver.why.singles import moved, single
from shardwright.solver.why.standing import NOBODY, Batch, Standing

IMPOSSIBLE = 2**60  # a replica that is not there cannot leave


@dataclass(frozen=True)
class Scales:
    """What is the same for every shard of a standing, worked out once."""

    standing: Standing

    @cached_property
    def gauges(self) -> dict[int, list[Gauge]]:
        return gauges(self.standing)

    @cached_property
    def circles(self) -> dict[int, Circle]:
        rules = self.standing.problem.rules
        return {r.id: Circle(self.standing, r) for r in rules if isinstance(r.kind, (Apart, Together))}

    @cached_property
    def in_use(self) -> dict[int, tuple[LongArray, LongArray]]:
        """For rules about nodes in use: how many governed replicas each node holds, and what it costs."""
        return {
            rule.id: (self._held(rule), self._price(rule))
            for rule in self.standing.problem.rules
            if _counts_nodes(rule)
        }

    def _held(self, rule: Rule) -> LongArray:
        held = self.standing.held
        governed = self.standing.governed(rule.id, held.shard)
        return np.bincount(held.node[governed], minlength=self.standing.nodes)

    def _price(self, rule: Rule) -> LongArray:
        problem = self.standing.problem
        admits = problem.requirements.admits.get(rule.id)
        if admits is None:
            return np.zeros(self.standing.nodes, dtype=np.int64)
        price = problem.quantities.price if isinstance(rule.kind, Cost) else 1
        return np.where(admits[self.standing.node_class], price, 0)


def _counts_nodes(rule: Rule) -> bool:
    return isinstance(rule.kind, Pack) or (isinstance(rule.kind, Cost) and not rule.kind.per_replica)


def exchanges_of(scales: Scales, batch: Batch) -> Exchanges:
    """The exchanges of some shards; rules that say nothing about them are left out."""
    problem = scales.standing.problem
    speaks = np.logical_or.reduce(problem.requirements.speaks[:, np.unique(batch.classes)], axis=1)
    effects = (
        found
        for rule in problem.rules
        if speaks[rule.id] or isinstance(rule.kind, (Apart, Together, Capacity, Balance, Headroom))
        for found in _effects(scales, batch, rule)
    )
    return Exchanges(batch, tuple(effects))


def _effects(scales: Scales, batch: Batch, rule: Rule) -> list[Effect]:
    match rule.kind:
        case OnePerNode():
            return []
        case Apart() | Together():
            return [company(batch, rule, scales.circles[rule.id])]
        case Capacity() | Balance() | Headroom():
            return metered(batch, rule, scales.gauges)
        case Pack() | Cost() if _counts_nodes(rule):
            return [in_use(batch, rule, *scales.in_use[rule.id])]
        case FewestMoves() | Stay():
            return [moved(batch, rule)]
        case Placed() | Replicas(key=None):
            return [total(batch, rule)]
        case Replicas() | Spread():
            return [valued(batch, rule)]
        case Allow() | Leave() | NodeState() | Prefer() | Cost() | Nearness():
            return [single(batch, rule)]
    raise TypeError(f"no effect is known of {rule.kind.name}")


@dataclass(frozen=True)
class Exchanges:
    """For each shard of a batch and each node the best exchange that brings a replica there.

    `leaves` is the option that leaves (an index into `batch.held`; the last: nobody). What a node that holds
    the shard already gets has no meaning.
    """

    batch: Batch
    effects: tuple[Effect, ...]

    @property
    def levels(self) -> tuple[LevelKey, ...]:
        return self.batch.standing.problem.levels

    def without(self, owner: str) -> Exchanges:
        """The same as if a policy (or a built-in) had nothing to say."""
        return Exchanges(self.batch, tuple(one for one in self.effects if one.rule.owner != owner))

    @cached_property
    def fault(self) -> LongArray:
        """The change of what must not be broken, shape (rows, nodes)."""
        return self._whole([one.fault for one in self.effects if one.fault is not None])

    def cost(self, level: LevelKey) -> LongArray:
        """The change of the cost of a level, shape (rows, nodes)."""
        if level not in self._known:
            self._known[level] = self._whole(self._costs(level))
        return self._known[level]

    @cached_property
    def _known(self) -> dict[LevelKey, LongArray]:
        return {}

    def _costs(self, level: LevelKey) -> list[Change]:
        return [one.cost for one in self.effects if one.cost is not None and one.rule.level == level]

    def of(self, change: Change) -> LongArray:
        """One change under the best exchanges, shape (rows, nodes)."""
        for level, found in self._known.items():
            alone = self._costs(level)
            if len(alone) == 1 and alone[0] is change:
                return found
        return self._whole([change])

    # -- who leaves

    @cached_property
    def _cells(self) -> tuple[IntArray, list[IntArray]]:
        """Nodes that no change which depends on both ends tells apart: the cell of each node, and the value
        of each cell in each of the code tables.
        """
        return self.batch.standing.cells(tuple(self._tables))

    @cached_property
    def _tables(self) -> dict[bytes, int]:
        """The code tables, numbered."""
        changes = [part for one in self.effects for part in (one.cost, one.fault) if part is not None]
        found = dict.fromkeys(_bytes(c.codes) for c in changes if c.codes is not None)
        return {table: at for at, table in enumerate(found)}

    def _joint(self, changes: list[Change]) -> LongArray:
        """The parts that depend on who leaves: shape (rows, options, cells)."""
        of, cells = self._cells
        width = int(of.max(initial=-1)) + 1
        added = np.zeros((len(self.batch.rows), self.batch.options, width), dtype=np.int64)
        for change in changes:
            if change.leave is not None:
                added += change.leave[:, :, None]
            if change.both is not None:
                added += change.both[:, :, cells[self._table_of(change)]]
        return added

    def _table_of(self, change: Change) -> int:
        assert change.codes is not None
        return self._tables[_bytes(change.codes)]

    @cached_property
    def _best(self) -> IntArray:
        """Who leaves, for each row and cell: the first of the best."""
        faults = [one.fault for one in self.effects if one.fault is not None]
        open_to = np.ones((len(self.batch.rows), self.batch.options, 1), dtype=bool)
        open_to[:, :-1, 0] = self.batch.held != NOBODY
        for changes in (faults, *(self._costs(level) for level in self.levels)):
            if changes:
                joint = np.where(open_to, self._joint(changes), IMPOSSIBLE)
                open_to = joint == joint.min(axis=1, keepdims=True)
        best: IntArray = open_to.argmax(axis=1).astype(np.int32)
        return best

    @cached_property
    def leaves(self) -> IntArray:
        """Who leaves, shape (rows, nodes)."""
        leaves: IntArray = self._best[:, self._cells[0] if self._best.shape[1] > 1 else self._cells[0] * 0]
        return leaves

    def _whole(self, changes: list[Change]) -> LongArray:
        """The sum of changes; an array that must not be changed."""
        arrive = [change.arrive for change in changes if change.arrive is not None]
        chosen = self._chosen(changes)
        if not chosen.any():
            if not arrive:
                return np.zeros(self.batch.shape, dtype=np.int64)
            return sum(arrive[1:], start=arrive[0])
        cells = self._cells[0]
        if chosen.shape[1] == 1 and arrive:
            return sum(arrive[1:], start=arrive[0] + chosen)
        whole: LongArray = chosen.take(cells if chosen.shape[1] > 1 else cells * 0, axis=1)
        for part in arrive:
            whole += part
        return whole

    def _chosen(self, changes: list[Change]) -> LongArray:
        """The parts that depend on who leaves, where the best one does: shape (rows, cells)."""
        best, cells = self._best, self._cells[1]
        rows = np.arange(len(best))[:, None]
        chosen = np.zeros((len(best), 1), dtype=np.int64)
        for change in changes:
            if change.leave is not None:
                chosen = chosen + change.leave[rows, best]
            if change.both is not None:
                chosen = chosen + change.both[rows, best, cells[self._table_of(change)]]
        return chosen


def _bytes(codes: IntArray) -> bytes:
    return codes.astype(np.int32).tobytes()
