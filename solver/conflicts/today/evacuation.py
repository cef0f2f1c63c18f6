"""Room for shards that are placed anew: replicas of others leave nodes that would take the shards if emptier.

What leaves goes to a node of the same kind that has room, so no rule about single shards minds; whether all
rules are kept is for others to judge.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from shardwright.cluster.cluster import IntArray
from shardwright.cluster.columns import BoolArray
from shardwright.grammar.rules import NODE, Rule
from shardwright.solver.conflicts.today.keeping import Keeping
from shardwright.solver.conflicts.today.loads import Loads
from shardwright.solver.problem import Problem
from shardwright.solver.quantities import LongArray
from shardwright.solver.recertify import Pairs

UNLIMITED = 2**62


@dataclass(frozen=True)
class Evacuation:
    """`kept` is where the other shards are (sorted), `fixed` ones of them do not move. `loads` are theirs and
    those of more replicas that stay. The limits are those of the rules that are to be kept."""

    keeping: Keeping
    kept: Pairs
    fixed: IntArray
    loads: Loads

    @property
    def problem(self) -> Problem:
        return self.keeping.problem

    @property
    def kinds(self) -> IntArray:
        return self.keeping.homes.nodes

    @cached_property
    def measures(self) -> list[int]:
        """What nodes are limited in."""
        return sorted({m.measure for m in self.problem.meters if self._limits_nodes(m.rule, m.site.key)})

    def _limits_nodes(self, rule: int, key: str) -> bool:
        return rule in self.keeping.numbers and key == NODE

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
        load = [self.loads.on[measure] for measure in self.measures]
        return self.limits - np.stack(load, axis=1) if load else self.limits.copy()

    @cached_property
    def after(self) -> Pairs:
        """Where the others are when they have made room."""
        return self.kept.copy()

    @cached_property
    def _reserved(self) -> BoolArray:
        return np.zeros(len(self.kinds), dtype=bool)

    @cached_property
    def _movable(self) -> BoolArray:
        return ~np.isin(self.kept[:, 0], self.fixed)

    @cached_property
    def _first(self) -> LongArray:
        """Where the replicas of each shard begin."""
        shards = np.ascontiguousarray(self.kept[:, 0]).astype(np.int64)
        return np.searchsorted(shards, np.arange(len(self.problem.floor) + 1)).astype(np.int64)

    def _own(self, shard: int) -> list[int]:
        """The nodes that hold it."""
        nodes: list[int] = self.after[self._first[shard] : self._first[shard + 1], 1].tolist()
        return nodes

    def make_room(self, rows: IntArray, judging: Sequence[Rule], asking: Sequence[Rule]) -> None:
        """For shards on nodes that rules leave to them, as far as that can be had."""
        rooms = self.keeping.rooms
        heaviest = np.lexsort((rows, -self.weights[rows].max(axis=1, initial=0)))
        for row in rows[heaviest].tolist():
            needs = self.weights[row]
            open_to = rooms.of(judging, row) & (self.limits >= needs).all(axis=1) & ~self._reserved
            ready = open_to & (self.free >= needs).all(axis=1)
            for node in self._chosen(rooms.wanted(asking, row), needs, open_to, ready):
                self._reserved[node] = True
                self._empty(node, needs)

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

    def _empty(self, node: int, needs: LongArray) -> None:
        """Move replicas off a node until it has room, the heaviest first."""
        here = np.flatnonzero((self.after[:, 1] == node) & self._movable)
        alike = np.flatnonzero((self.kinds == self.kinds[node]) & ~self._reserved)
        where = {node: at for at, node in enumerate(alike.tolist())}
        order = here[np.argsort(-self.weights[self.after[here, 0]].max(axis=1, initial=0), kind="stable")]
        for at in order.tolist():
            short = self.free[node] < needs
            if not short.any():
                break
            shard = int(self.after[at, 0])
            weight = self.weights[shard]
            if not weight[short].any():
                continue
            left = (self.free[alike] - weight).min(axis=1, initial=UNLIMITED)
            left[[where[own] for own in self._own(shard) if own in where]] = -1
            most = int(np.argmax(left)) if len(left) else 0
            if not len(left) or left[most] < 0:
                continue
            target = int(alike[most])
            self.after[at, 1] = target
            self.free[node] += weight
            self.free[target] -= weight
        self.free[node] -= needs
