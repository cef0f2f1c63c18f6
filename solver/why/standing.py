"""A placement as arrays: who stands where, beside who stood where in the snapshot."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from shardwright.cluster.cluster import IntArray
from shardwright.cluster.columns import BoolArray
from shardwright.grammar.rules import NODE, Allow
from shardwright.solver.certify import Pair
from shardwright.solver.problem import Problem
from shardwright.solver.quantities import LongArray

T = TypeVar("T", bound=np.generic)
NOBODY = -1  # pads lists of nodes; the code of a node without a label


@dataclass(frozen=True)
class Pairs:
    """Distinct (shard, node) pairs, sorted; those of shard s are at `start[s]` to `start[s + 1]`."""

    shard: IntArray
    node: IntArray
    start: NDArray[np.int64]

    def of(self, rows: IntArray) -> IntArray:
        """The nodes of some shards, shape (rows, most replicas), padded with NOBODY."""
        counts = self.start[rows + 1] - self.start[rows]
        slots = np.arange(int(counts.max(initial=0)))
        at = np.minimum(self.start[rows][:, None] + slots, max(0, len(self.node) - 1))
        nodes = self.node[at] if len(self.node) else np.full(at.shape, NOBODY, dtype=np.int32)
        return np.where(slots < counts[:, None], nodes, NOBODY).astype(np.int32)


def pairs_of(placement: Sequence[Pair], shards: int) -> Pairs:
    table = np.unique(np.array(placement, dtype=np.int32).reshape(-1, 2), axis=0)
    start = np.searchsorted(table[:, 0], np.arange(shards + 1))
    return Pairs(table[:, 0].copy(), table[:, 1].copy(), start)


@dataclass(frozen=True)
class Standing:
    """A problem with a placement: what every exchange of replicas is measured against."""

    problem: Problem
    placement: tuple[Pair, ...]

    @cached_property
    def held(self) -> Pairs:
        return pairs_of(self.placement, self.shards)

    @cached_property
    def settled(self) -> Pairs:
        settled = self.problem.cluster.settled
        return pairs_of(list(zip(settled.shard.tolist(), settled.node.tolist(), strict=True)), self.shards)

    @property
    def shards(self) -> int:
        return len(self.problem.cluster.shards.ids)

    @property
    def nodes(self) -> int:
        return len(self.problem.cluster.nodes.ids)

    @property
    def class_of(self) -> IntArray:
        """The class of each shard."""
        return self.problem.requirements.classes.shards.of

    @property
    def node_class(self) -> IntArray:
        """The class of each node."""
        return self.problem.requirements.classes.nodes.of

    def governed(self, rule: int, rows: IntArray) -> BoolArray:
        """Which of some shards a rule speaks about."""
        result: BoolArray = self.problem.requirements.speaks[rule][self.class_of[rows]]
        return result

    @cached_property
    def states(self) -> NDArray[np.str_]:
        state = self.problem.cluster.nodes.state
        return np.array(state.values)[state.codes] if self.nodes else np.empty(0, dtype=str)

    @cached_property
    def shut(self) -> tuple[BoolArray, BoolArray]:
        """The nodes that take nobody, and those that take nobody else."""
        return self.states == "down", np.isin(self.states, ("draining", "maintenance"))

    @cached_property
    def barred_always(self) -> BoolArray:
        """Pairs of classes that some allow rule forbids to every replica: (shard classes, node classes)."""
        requirements = self.problem.requirements
        barred = np.zeros((requirements.classes.shards.size, requirements.classes.nodes.size), dtype=bool)
        for rule in requirements.rules:
            if isinstance(rule.kind, Allow) and not rule.kind.arrivals:
                admits = requirements.admits.get(rule.id, np.zeros(barred.shape[1], dtype=bool))
                barred |= requirements.speaks[rule.id][:, None] & ~admits
        return barred

    def codes(self, key: str) -> tuple[IntArray, int]:
        """The number of a label's value for each node (NOBODY: none), and how many values there are."""
        if key == NODE:
            return np.arange(self.nodes, dtype=np.int32), self.nodes
        label = self.problem.cluster.nodes.labels.get(key)
        if label is None:
            return np.full(self.nodes, NOBODY, dtype=np.int32), 0
        return label.codes, len(label.values)

    def cells(self, tables: tuple[bytes, ...]) -> tuple[IntArray, list[IntArray]]:
        """Nodes that no table of codes (one for each node, as bytes) tells apart: the cell of each node, and
        the code of each cell in each of the tables.
        """
        if tables not in self._cells:
            self._cells[tables] = self._told_apart([np.frombuffer(one, dtype=np.int32) for one in tables])
        return self._cells[tables]

    def _told_apart(self, tables: list[IntArray]) -> tuple[IntArray, list[IntArray]]:
        if not tables or not self.nodes:
            return np.zeros(self.nodes, dtype=np.int32), [
                np.zeros(min(self.nodes, 1), np.int32) for _ in tables
            ]
        cells, of = np.unique(np.stack(tables), axis=1, return_inverse=True)
        return of.reshape(-1).astype(np.int32), list(cells)

    @cached_property
    def _cells(self) -> dict[tuple[bytes, ...], tuple[IntArray, list[IntArray]]]:
        return {}

    def value_name(self, key: str, code: int) -> str:
        """A node's name, or a label's value."""
        if key == NODE:
            return self.problem.cluster.nodes.ids[code]
        return self.problem.cluster.nodes.labels[key].values[code]


@dataclass(frozen=True)
class Batch:
    """Some shards: `held` and `settled` are their nodes, padded with NOBODY; one row for each shard.

    `rows` is sorted.
    """

    standing: Standing
    rows: IntArray

    @cached_property
    def held(self) -> IntArray:
        return self.standing.held.of(self.rows)

    @cached_property
    def settled(self) -> IntArray:
        return self.standing.settled.of(self.rows)

    @property
    def options(self) -> int:
        """Which replica leaves, for the one that arrives: one of those held, or (the last) nobody."""
        return int(self.held.shape[1]) + 1

    @cached_property
    def shape(self) -> tuple[int, int]:
        return len(self.rows), self.standing.nodes

    @cached_property
    def is_held(self) -> BoolArray:
        """Shape (rows, nodes)."""
        return _marked(self.shape, self.held)

    @cached_property
    def is_settled(self) -> BoolArray:
        """Shape (rows, nodes)."""
        return _marked(self.shape, self.settled)

    @cached_property
    def stays(self) -> BoolArray:
        """Which of the held replicas are settled, shape (rows, held)."""
        return self.at_held(self.is_settled)

    @cached_property
    def classes(self) -> IntArray:
        return self.standing.class_of[self.rows]

    @cached_property
    def count(self) -> LongArray:
        """How many replicas each of the shards holds."""
        return _sizes(self.held)

    @cached_property
    def settled_count(self) -> LongArray:
        return _sizes(self.settled)

    def at_held(self, table: NDArray[T]) -> NDArray[T]:
        """The entries of a table (rows, nodes) at the held replicas: zero, or false, where there is none."""
        taken = np.take_along_axis(table, np.maximum(self.held, 0), axis=1)
        taken[self.held == NOBODY] = 0
        return taken

    def by_value(self, nodes: IntArray, key: str) -> LongArray:
        """How many of the given nodes (rows, slots) carry each value of a label: shape (rows, values)."""
        return counted(nodes, *self.standing.codes(key))


def _sizes(nodes: IntArray) -> LongArray:
    sizes: LongArray = (nodes != NOBODY).sum(axis=1)
    return sizes


def counted(nodes: IntArray, codes: IntArray, values: int) -> LongArray:
    """How many of each row's nodes have each code."""
    found = np.zeros((len(nodes), values), dtype=np.int64)
    for slot in nodes.T:
        code = np.where(slot == NOBODY, NOBODY, codes[np.maximum(slot, 0)] if len(codes) else NOBODY)
        rows = np.flatnonzero(code != NOBODY)
        found[rows, code[rows]] += 1
    return found


def _marked(shape: tuple[int, int], nodes: IntArray) -> BoolArray:
    marked = np.zeros(shape, dtype=bool)
    rows, slots = np.nonzero(nodes != NOBODY)
    marked[rows, nodes[rows, slots]] = True
    return marked
