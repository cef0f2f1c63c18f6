"""Replicas so large that each node takes few of them, and there are more of them than the nodes take."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from shardwright.cluster.cluster import IntArray
from shardwright.cluster.columns import BoolArray
from shardwright.solver.conflicts.arithmetic.tables import Seen, Tables
from shardwright.solver.quantities import LongArray

MANY_SIZES = 100


@dataclass(frozen=True)
class Large:
    """`rows` want so many replicas, each of at least `size`; the nodes take `places` so large."""

    rows: IntArray
    size: int
    replicas: int
    places: int


def large(tables: Tables, chosen: set[int]) -> Iterator[Seen]:
    wanted = np.zeros(len(tables.members), dtype=np.int64)
    for of in tables.present:
        wanted[of] = tables.asking(chosen, of)[0]
    for (rule, measure), table in tables.rooms.tables.items():
        if rule not in chosen:
            continue
        weights = tables.question.problem.measures[measure].weights
        rooms: dict[int, BoolArray] = {of: tables.room(chosen, of) for of in np.flatnonzero(wanted).tolist()}
        for one in sizes(weights, wanted[tables.of], table, tables.of, rooms):
            if one.replicas > one.places:
                classes = np.unique(tables.of[one.rows]).tolist()
                rules = {judge.id for of in classes for judge in tables.speaking(chosen, of)}
                rules |= {number for of in classes for number in tables.asking(chosen, of)[1]} | {rule}
                yield Seen(tuple(sorted(rules)), tuple(one.rows.tolist()))
                break


def sizes(
    weights: LongArray, wanted: LongArray, takes: LongArray, of: IntArray, rooms: dict[int, BoolArray]
) -> Iterator[Large]:
    """The largest replicas, ever more of them; `rooms` are the nodes that are left to each class of shards.

    A node takes no two replicas of one shard.
    """
    rows = np.flatnonzero((wanted > 0) & (weights > 0))
    rows = rows[np.lexsort((rows, -weights[rows]))]
    steps = np.flatnonzero(np.diff(weights[rows], append=-1))[:MANY_SIZES]  # the last row of each size
    room = np.zeros(len(takes), dtype=bool)
    before = 0
    for step in steps.tolist():
        for one in np.unique(of[rows[before : step + 1]]).tolist():
            room |= rooms[one]
        before = step + 1
        size = int(weights[rows[step]])
        places = np.minimum(np.maximum(takes[room], 0) // size, before)
        yield Large(np.sort(rows[:before]), size, int(wanted[rows[:before]].sum()), int(places.sum()))
