"""A problem as plain arrays: what the kernels read. `build.py` makes them, one module of `terms/` for each
kind.

Costs are vectors of whole numbers: first the faults (what breaks required rules, and no_worse rules beyond
what is tolerated), then the cost of each level, and last the number of broken limits, which only guides the
search.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

Longs = NDArray[np.int64]
Counts = NDArray[np.int32]
Flags = NDArray[np.bool_]

FAULT = 0  # the first entry of a cost vector

# Of the same type as all whole numbers in kernels: for a plain -1 each kernel would be compiled once more.
NONE: Any = np.int64(-1)  # no node, no replica, no value
GOES: Any = np.int64(-1)
COMES: Any = np.int64(1)

# What a row of `Shape` limits.
COUNT, VALUE, HEAP, FEW_VALUES, MANY_VALUES, SKEW = range(6)
NO_MOST = 2**30  # no greatest number


class Alone(NamedTuple):
    """What single replicas cost. S shards of K kinds, N nodes of J kinds, V entries of a cost vector.

    `rest` (K, J, V) wherever a replica is, `arrive` (K, J, V) besides if it is not settled there, `left`
    (K, J, V) and `gone` (S, V) when a settled one leaves. `home` (S, H): settled nodes, -1 behind them.
    """

    kind: Longs
    node_kind: Longs
    rest: Longs
    arrive: Longs
    left: Longs
    gone: Longs
    home: Longs


class Shape(NamedTuple):
    """What the replicas of one shard cost together: their number, and how they stand on label values.

    `start` (K + 1) delimits the rows of each kind. COUNT and VALUE rows want from `amount` to `most`
    replicas, in all or at a value; the others compare with `amount`. `label` (keys, N) has -1 for none; key
    0 is the node; `by_label` (keys, N) are the nodes by their value, which begins at `label_start`.
    `eligible_start` delimits, for each row, the values that count for skew. `no_worse` rows cost `fault`
    only beyond what the settled replicas have. `plain` kinds have nothing but HEAP rows that do not look at
    settled replicas, and counts.
    """

    start: Longs
    op: Longs
    key: Longs
    value: Longs
    amount: Longs
    most: Longs
    level: Longs
    price: Longs
    fault: Longs
    no_worse: Flags
    label: Longs
    by_label: Longs
    label_start: Longs
    eligible_start: Longs
    eligible: Longs
    plain: Flags


class Meters(NamedTuple):
    """Limits on sums. `weight` (S, M); `sites` (N, Q), -1 behind them; `start` (M * G + 1) delimits the
    rows of measure and site. An excess costs `price` a unit, and beyond `tolerated` also `fault`."""

    weight: Longs
    sites: Longs
    start: Longs
    limit: Longs
    level: Longs
    price: Longs
    tolerated: Longs
    fault: Longs


class Company(NamedTuple):
    """Apart and together, C rules. A cell is a rule, a bucket and a value; it counts shards by sort.

    `bucket` and `sort` (C, S), bucket -1: the rule does not mind the shard. The sort is the trait where the
    rule compares one, else whether the shard is a target. Cells of rule r start at `base[r]` and have
    `sorts[r]` entries each, `values[r]` cells to a bucket. `size` counts targets, from `size_base[r]`.
    `tolerated` (C, S, H): the settled replica's place at that value is broken today. `circle_start` delimits
    the shards of each `circle` that must keep together, by `circle_rule`.
    """

    together: Flags
    by_trait: Flags
    key: Longs
    bucket: Longs
    sort: Longs
    governed: Flags
    aimed: Flags
    base: Longs
    values: Longs
    sorts: Longs
    size_base: Longs
    size: Longs
    level: Longs
    price: Longs
    fault: Longs
    no_worse: Flags
    tolerated: Flags
    circle_rule: Longs
    circle_start: Longs
    circle: Longs


class Use(NamedTuple):
    """Nodes that cost something as soon as they hold a governed replica: `price` (U, N), `governs` (U, K)."""

    level: Longs
    price: Longs
    governs: Flags


class Tables(NamedTuple):
    """`floor` and `ceiling` (S): replicas of each shard. `open_start` (K + 1) delimits `open`: the nodes on
    which an arriving replica of a kind breaks nothing by itself. `pinned` (S, P) are nodes on which a shard
    must have a replica, -1 behind the `fixed` (S) of them: these replicas have the first slots."""

    floor: Longs
    ceiling: Longs
    pinned: Longs
    fixed: Longs
    alone: Alone
    shape: Shape
    meters: Meters
    company: Company
    use: Use
    open_start: Longs
    open: Longs

    @property
    def entries(self) -> int:
        """The length of a cost vector."""
        return int(self.alone.gone.shape[1])


class State(NamedTuple):
    """A placement and what its costs are made of.

    `place` (S, R), -1 behind `count` (S) replicas. `load` (M * G). `aim` and `stand` count company cells:
    targets, and governed shards by whether they are tolerated there. `used` (U, N). `cost` (V).
    """

    place: Longs
    count: Longs  # type: ignore[assignment]  # hides tuple.count
    load: Longs
    aim: Counts
    stand: Any  # (cells, 2) int32
    used: Counts
    cost: Longs


def empty_state(tables: Tables, width: int) -> State:
    """No replica anywhere; costs are not yet counted. `width` is the most replicas of a shard."""
    shards, cells = len(tables.floor), len(tables.meters.start) - 1
    company = tables.company
    size = int(company.base[-1])
    return State(
        np.full((shards, max(1, width)), -1, dtype=np.int64),
        np.zeros(shards, dtype=np.int64),
        np.zeros(cells, dtype=np.int64),
        np.zeros(size, dtype=np.int32),
        np.zeros((size, 2), dtype=np.int32),
        np.zeros(tables.use.price.shape, dtype=np.int32),
        np.zeros(tables.entries, dtype=np.int64),
    )


def stayed(tables: Tables, place: Longs) -> int:
    """How many replicas of a placement (S, R) are where their shard was settled."""
    at_home = (place[:, :, None] == tables.alone.home[:, None, :]).any(axis=2)
    return int((at_home & (place >= 0)).sum())
