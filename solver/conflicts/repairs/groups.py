"""A group that must stand together and weighs too much, split into lighter ones."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from shardwright.grammar.rules import Rule
from shardwright.solver.conflicts.repairs.kinds import SplitGroup
from shardwright.solver.conflicts.rooms import Rooms
from shardwright.solver.quantities import LongArray

Rows = tuple[int, ...]


def splits(rooms: Rooms, rules: Sequence[Rule], shards: Rows, group: str) -> Iterator[SplitGroup]:
    """Into ever more groups of about equal load, from as many as each fit on some node by themselves."""
    measures = sorted({measure for _, measure in rooms.tables})
    limits, weights = _takes(rooms, rules, shards, measures), _weights(rooms, shards, measures)
    for count in range(2, len(shards) + 1):
        parts = _even(weights, count)
        if all((weights[part].sum(axis=0) <= limits).all(axis=1).any() for part in parts):
            yield _split(rooms, shards, group, parts)


def _split(rooms: Rooms, shards: Rows, group: str, parts: list[list[int]]) -> SplitGroup:
    cluster = rooms.problem.cluster
    taken = set(cluster.shards.group.values)
    names = (name for at in range(2, 10**9) if (name := f"{group}-part-{at}") not in taken)
    rows = [[shards[at] for at in part] for part in parts]
    places = cluster.shard_places or range(len(cluster.shards.ids))
    moved = tuple(
        (next(names), tuple((places[row], cluster.shards.ids[row]) for row in part)) for part in rows[1:]
    )
    return SplitGroup(group, len(parts[0]), moved)


def _takes(rooms: Rooms, rules: Sequence[Rule], shards: Rows, measures: Sequence[int]) -> LongArray:
    """What each node that the shards may use takes, by measure."""
    judging = [rule for rule in rules if rooms.judges_replicas(rule)]
    room = np.flatnonzero(rooms.of(judging, shards[0]))
    limits = np.full((len(room), len(measures)), 2**62, dtype=np.int64)
    for (_, measure), table in rooms.tables.items():
        at = measures.index(measure)
        limits[:, at] = np.minimum(limits[:, at], table[room])
    return limits


def _weights(rooms: Rooms, shards: Rows, measures: Sequence[int]) -> LongArray:
    """Of each shard, by measure."""
    columns = [rooms.problem.measures[number].weights[list(shards)] for number in measures]
    return np.stack(columns, axis=1)


def _even(weights: LongArray, count: int) -> list[list[int]]:
    """Rows in so many parts: the heaviest first, each to the part that is lightest so far."""
    share = weights / np.maximum(weights.sum(axis=0), 1)
    parts: list[list[int]] = [[] for _ in range(count)]
    loads = np.zeros((count, weights.shape[1]))
    for row in np.argsort(-share.max(axis=1), kind="stable").tolist():
        lightest = int(np.argmin((loads + share[row]).max(axis=1)))
        parts[lightest].append(row)
        loads[lightest] += share[row]
    return [sorted(part) for part in parts if part]
