"""Settled replicas that leave in every placement: what holds there forbids that they stay."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from shardwright.solver.problem import LevelKey, Problem
from shardwright.solver.search.assemble import tables_of
from shardwright.solver.search.tables import FAULT, HEAP, NO_MOST, Tables

Flags = NDArray[np.bool_]
Longs = NDArray[np.int64]


@dataclass(frozen=True)
class Leavers:
    """Rows of `cluster.settled`: all of `gone` leave; of `asked`, all but `excused` at most."""

    gone: Flags
    asked: Flags
    excused: int


def kept_tables(problem: Problem) -> Tables:
    """The arrays of a problem, made once."""
    if "tables" not in problem.proofs:
        problem.proofs["tables"] = tables_of(problem)
    tables: Tables = problem.proofs["tables"]
    return tables


def leavers(problem: Problem, known: dict[LevelKey, int], level: LevelKey) -> Leavers:
    """Of every placement whose levels before this one cost no more than is known.

    Staying costs a replica something at a level: where that costs nothing, it leaves. Where it costs so much,
    only so many stay as cost no more together.
    """
    settled = problem.cluster.settled
    if not len(settled.shard):
        return Leavers(np.zeros(0, dtype=bool), np.zeros(0, dtype=bool), 0)
    alone = kept_tables(problem).alone
    before = [(at, known[key]) for at, key in enumerate(problem.levels, start=1) if key < level]
    kinds = alone.kind[settled.shard], alone.node_kind[settled.node]
    forbidden = [FAULT, *(at for at, cost in before if cost == 0)]
    gone: Flags = np.asarray((alone.rest[:, :, forbidden] > 0).any(axis=2))[kinds]
    asked, excused = np.zeros_like(gone), 0
    for at, cost in before:
        if cost > 0:
            paid = alone.rest[:, :, at][kinds]
            rows = np.flatnonzero((paid > 0) & ~gone & ~asked)
            stay = int((np.cumsum(np.sort(paid[rows])) <= cost).sum())
            if stay < len(rows):
                asked[rows], excused = True, excused + stay
    return Leavers(gone, asked, excused)


def heaped(
    problem: Problem, known: dict[LevelKey, int], level: LevelKey, gone: Flags, crowded: Flags
) -> tuple[Longs, Longs]:
    """For each shard how many more than `gone` leave because too many of its replicas share a label value, or
    there are too many of them: in all, and at least on nodes that are not crowded (N).
    """
    settled = problem.cluster.settled
    rows = np.flatnonzero(~gone)
    if not len(rows):
        return np.zeros(len(problem.floor), dtype=np.int64), np.zeros(len(problem.floor), dtype=np.int64)
    tables = kept_tables(problem)
    shard, outside = settled.shard[rows], ~crowded[settled.node[rows]]
    most_of_all = np.minimum(tables.ceiling, NO_MOST).astype(np.int64)
    every, apart = _beyond(shard, np.zeros_like(shard), most_of_all, outside)
    for key, most in heaps(problem, tables, known, level).items():
        value = tables.shape.label[key][settled.node[rows]]
        there = value >= 0
        more, more_apart = _beyond(shard[there], value[there], most[tables.alone.kind], outside[there])
        every, apart = np.maximum(every, more), np.maximum(apart, more_apart)
    return every, apart


def heaps(problem: Problem, tables: Tables, known: dict[LevelKey, int], level: LevelKey) -> dict[int, Longs]:
    """For each label key the most replicas of a shard of each kind at one value, by limits that are kept."""
    shape = tables.shape
    free = {at for at, key in enumerate(problem.levels, start=1) if key < level and known[key] == 0}
    found: dict[int, Longs] = {}
    for kind in range(len(shape.start) - 1):
        for row in range(int(shape.start[kind]), int(shape.start[kind + 1])):
            held = int(shape.level[row]) in free if shape.level[row] else shape.fault[row] > 0
            if shape.op[row] == HEAP and held and not shape.no_worse[row]:
                key = int(shape.key[row])
                most = found.setdefault(key, np.full(len(shape.start) - 1, NO_MOST, dtype=np.int64))
                most[kind] = min(most[kind], int(shape.amount[row]))
    return found


def _beyond(
    shard: NDArray[np.int32], value: NDArray[np.int32], most: Longs, outside: Flags
) -> tuple[Longs, Longs]:
    """For each shard (S): its replicas beyond the most at each value, and how many of them are `outside`."""
    every, apart = np.zeros(len(most), dtype=np.int64), np.zeros(len(most), dtype=np.int64)
    if not len(shard):
        return every, apart
    values = int(value.max()) + 1
    heaps, of = np.unique(shard.astype(np.int64) * values + value, return_inverse=True)
    owner = heaps // values
    count, within = np.bincount(of), np.bincount(of, weights=~outside).astype(np.int64)
    excess = np.maximum(0, count - most[owner])
    np.add.at(every, owner, excess)
    np.add.at(apart, owner, np.maximum(0, excess - within))
    return every, apart
