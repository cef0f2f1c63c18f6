"""The least that the replicas of single shards cost where they must keep apart: each shard by itself.

Limits on replicas that share a label value are a matroid, so the cheapest places are found by taking the
cheapest that is still open, one after the other (Edmonds, Matroids and the greedy algorithm, 1971). Room for
load is left aside. Whoever doubts it sorts a shard's places by cost.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from shardwright.solver.bounds.leavers import Flags, Longs, heaps, kept_tables
from shardwright.solver.problem import LevelKey, Problem
from shardwright.solver.search.tables import FAULT, NO_MOST, Tables

MOST_GROUPS = 5_000


@dataclass(frozen=True)
class Group:
    """`shards` shards alike (`shard` is one) cost `least` each at least, with few to each value of `key`."""

    shard: int
    shards: int
    key: int
    least: int


def cheapest_apart(
    problem: Problem, level: LevelKey, known: dict[LevelKey, int]
) -> tuple[int, tuple[Group, ...]]:
    """The bound for what single replicas cost at a level, and the groups that cost something."""
    if not problem.cluster.shards.ids or not problem.cluster.nodes.ids:
        return 0, ()
    tables, levels = kept_tables(problem), list(problem.levels)
    at = 1 + levels.index(level)
    if not (tables.alone.rest[:, :, at].any() or tables.alone.arrive[:, :, at].any()):
        return 0, ()
    free = [FAULT] + [1 + levels.index(key) for key in levels if key < level and known[key] == 0]
    apart = heaps(problem, tables, known, level) or {0: np.full(len(tables.shape.start) - 1, NO_MOST)}
    first, many = _alike(tables)
    if len(first) > MOST_GROUPS:
        return 0, ()
    found = []
    for shard, shards in zip(first.tolist(), many.tolist(), strict=True):
        costs = _costs(tables, shard)
        places = costs[:, at], (costs[:, free] == 0).all(axis=1)
        least, key = max((_least(tables, shard, *places, key, apart[key]), -key) for key in sorted(apart))
        if least:
            found.append(Group(shard, shards, -key, least))
    return sum(group.shards * group.least for group in found), tuple(found)


def _alike(tables: Tables) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """The first of each group of shards that cost alike, and how many it has; who is pinned is alone."""
    new = tables.alone.home[:, 0] < 0
    pinned = np.where(tables.fixed > 0, np.arange(len(new)) + 1, 0)
    rows = np.stack([tables.alone.kind, new, tables.floor, pinned], axis=1)
    _, first, many = np.unique(rows, axis=0, return_index=True, return_counts=True)
    return first, many


def _costs(tables: Tables, shard: int) -> Any:
    """What a replica of a shard costs on each node at least: (nodes, entries)."""
    alone = tables.alone
    kind = alone.kind[shard]
    if alone.home[shard, 0] >= 0:
        return alone.rest[kind][alone.node_kind]
    return (alone.rest[kind] + alone.arrive[kind])[alone.node_kind]


def _least(tables: Tables, shard: int, cost: Longs, allowed: Flags, key: int, most: Longs) -> int:
    """The cheapest places for all replicas of a shard together, those that are pinned among them."""
    value, limit = tables.shape.label[key], int(most[tables.alone.kind[shard]])
    held = tables.pinned[shard, : tables.fixed[shard]]
    wanted = max(0, int(tables.floor[shard]) - len(held))
    nodes = np.setdiff1d(np.flatnonzero(allowed), held)
    nodes = nodes[np.lexsort((cost[nodes], value[nodes]))]
    codes = value[nodes]
    taken = np.bincount(value[held][value[held] >= 0], minlength=int(value.max(initial=0)) + 1)
    rank = np.arange(len(nodes)) - np.searchsorted(codes, codes)
    still_open = (codes < 0) | (rank + taken[np.maximum(codes, 0)] < limit)
    return int(cost[held].sum() + np.sort(cost[nodes[still_open]])[:wanted].sum())
