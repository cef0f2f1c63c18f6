"""Today's placement by kinds: shards that rules about single shards cannot tell apart where they stand."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from shardwright.cluster.cluster import IntArray
from shardwright.grammar.rules import NODE, Apart, Rule, Spread, Together
from shardwright.solver.facts import node_keys
from shardwright.solver.problem import Problem
from shardwright.solver.quantities import LongArray

MANY_VALUES = 2**20


@dataclass(frozen=True)
class Homes:
    """What rules see of the places of shards; limits of sites aside."""

    problem: Problem
    rules: tuple[Rule, ...]

    @cached_property
    def nodes(self) -> IntArray:
        """For each node its kind: class, state and the labels that the rules look at."""
        columns = node_columns(self.problem, self.rules, _names_nodes)
        return grouped(columns, len(self.problem.cluster.nodes.ids))

    @cached_property
    def shards(self) -> IntArray:
        """For each shard its kind: class, and the kinds of nodes that it stands on."""
        settled = self.problem.cluster.settled
        of = self.problem.requirements.classes.shards.of.astype(np.int64)
        place = np.arange(len(settled.shard)) - np.searchsorted(settled.shard, settled.shard)
        table = np.full((len(of), int(place.max(initial=-1)) + 1), -1, dtype=np.int64)
        table[settled.shard, place] = self.nodes[settled.node]
        table.sort(axis=1)
        return grouped([of, *table.T], len(of))


def _names_nodes(rule: Rule) -> bool:
    """Whether it matters to a rule which node is which; that they are different ones is known."""
    if NODE not in node_keys(rule) or isinstance(rule.kind, (Apart, Together)):
        return False
    return not isinstance(rule.kind, Spread) or rule.kind.limit == "max_skew"


def node_columns(
    problem: Problem, rules: Sequence[Rule], names_nodes: Callable[[Rule], bool]
) -> list[LongArray]:
    """What tells nodes apart, limits of sites aside; each is its own kind where some rule names nodes."""
    cluster = problem.cluster
    keys = {key for rule in rules for key in node_keys(rule)}
    columns = [problem.requirements.classes.nodes.of, cluster.nodes.state.codes]
    if any(names_nodes(rule) for rule in rules):
        columns.append(np.arange(len(cluster.nodes.ids), dtype=np.int32))
    columns += [cluster.nodes.labels[key].codes for key in sorted(keys) if key in cluster.nodes.labels]
    return [column.astype(np.int64) for column in columns]


def grouped(columns: Sequence[NDArray[np.int64]], size: int) -> IntArray:
    """Rows with equal values in all columns get the same number."""
    combined, many = np.zeros(size, dtype=np.int64), 1
    for column in columns:
        value = column - int(column.min(initial=0))
        if int(value.max(initial=0)) >= MANY_VALUES:
            value = np.unique(value, return_inverse=True)[1]
        values = int(value.max(initial=0)) + 1
        if many * values >= 2**62:
            combined = np.unique(combined, return_inverse=True)[1]
            many = int(combined.max(initial=0)) + 1
        combined, many = combined * values + value, many * values
    return np.unique(combined, return_inverse=True)[1].astype(np.int32)
