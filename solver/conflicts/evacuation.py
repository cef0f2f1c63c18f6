"""Room for shards that are placed anew: replicas of others leave nodes that would take the shards if emptier.

What leaves goes to a node of the same kind that has room, so no rule about single shards minds; whether all
rules are kept is for others to judge.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from shardwright.cluster.cluster import IntArray
from shardwright.cluster.columns import BoolArray
from shardwright.grammar.rules import NODE
from shardwright.solver.problem import Problem
from shardwright.solver.quantities import LongArray
from shardwright.solver.recertify import Pairs

UNLIMITED = 2**62


@dataclass(frozen=True)
class Evacuation:
    """`rules` limit the nodes, `kinds` are those of nodes, `kept` is where the other shards are (sorted).

    `room` are the nodes that rules leave to a shard, limits aside; `fixed` shards do not move.
    """

    problem: Problem
    rules: frozenset[int]
    kinds: IntArray
    kept: Pairs
    room: Callable[[int], BoolArray]
    fixed: IntArray

    @cached_property
    def measures(self) -> list[int]:
        """What nodes are limited in."""
        return sorted({m.measure for m in self.problem.meters if self._limits_nodes(m.rule, m.site.key)})

    def _limits_nodes(self, rule: int, key: str) -> bool:
        return rule in self.rules and key == NODE

    @cached_property
    def limits(self) -> LongArray:
        """The most that each node takes, shape (nodes, measures)."""
        table = np.full((len(self.kinds), len(self.measures)), UNLIMITED, dtype=np.int64)
        at = {number: column for column, number in enumerate(self.measures)}
        for meter in self.problem.meters:
            if self._limits_nodes(meter.rule, meter.site.key):
                cell = meter.site.number, at[meter.measure]
                table[cell] = min(int(table[cell]), meter.limit)
        return table

    @cached_property
    def weights(self) -> LongArray:
        """What each shard weighs, shape (shards, measures)."""
        columns = [self.problem.measures[number].weights for number in self.measures]
        shape = (len(self.problem.floor), 0)
        return np.stack(columns, axis=1) if columns else np.zeros(shape, dtype=np.int64)

    @cached_property
    def free(self) -> LongArray:
        """What each node takes besides the shards that are there; counted down and up."""
        load = np.zeros_like(self.limits)
        np.add.at(load, self.kept[:, 1], self.weights[self.kept[:, 0]])
        return np.asarray(self.limits - load)

    def for_shards(self, rows: IntArray) -> Pairs:
        """Where the other shards are when there is room for these, as far as that can be had."""
        after = self.kept.copy()
        heaviest = np.lexsort((rows, -self.weights[rows].max(axis=1, initial=0)))
        reserved = np.zeros(len(self.kinds), dtype=bool)
        for row in rows[heaviest].tolist():
            needs = self.weights[row]
            open_to = self.room(row) & (self.limits >= needs).all(axis=1) & ~reserved
            ready = open_to & (self.free >= needs).all(axis=1)
            for node in self._chosen(int(self.problem.floor[row]), needs, open_to, ready):
                reserved[node] = True
                self._empty(node, needs, after, reserved)
        return after

    def _chosen(self, wanted: int, needs: LongArray, open_to: BoolArray, ready: BoolArray) -> list[int]:
        """Nodes to make room on: first of kinds that have no node ready, those with least to do."""
        have = set(self.kinds[ready].tolist())
        missing = wanted - min(
            len(have) if len(set(self.kinds[open_to].tolist())) >= wanted else int(ready.sum()), wanted
        )
        if missing <= 0:
            return []
        nodes = np.flatnonzero(open_to & ~ready)
        share = np.maximum(needs - self.free[nodes], 0) / np.maximum(self.limits[nodes], 1)
        order = nodes[np.lexsort((nodes, share.max(axis=1, initial=0)))].tolist()
        chosen: list[int] = []
        for node in order:
            if len(chosen) < missing and int(self.kinds[node]) not in have:
                have.add(int(self.kinds[node]))
                chosen.append(node)
        return chosen + [node for node in order if node not in chosen][: missing - len(chosen)]

    def _empty(self, node: int, needs: LongArray, after: Pairs, reserved: BoolArray) -> None:
        """Move replicas off a node until it has room, the heaviest first."""
        here = np.flatnonzero((after[:, 1] == node) & ~np.isin(after[:, 0], self.fixed))
        alike = np.flatnonzero((self.kinds == self.kinds[node]) & ~reserved)
        order = here[np.argsort(-self.weights[after[here, 0]].max(axis=1, initial=0), kind="stable")]
        for at in order.tolist():
            short = self.free[node] < needs
            if not short.any():
                break
            shard = int(after[at, 0])
            weight = self.weights[shard]
            low, high = np.searchsorted(after[:, 0], [shard, shard + 1])
            fits = (self.free[alike] >= weight).all(axis=1) & ~np.isin(alike, after[low:high, 1])
            if not weight[short].any() or not fits.any():
                continue
            target = int(alike[fits][np.argmax(self.free[alike[fits]].min(axis=1))])
            after[at, 1] = target
            self.free[node] += weight
            self.free[target] -= weight
        self.free[node] -= needs
