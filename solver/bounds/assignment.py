"""The least that single replicas cost: each on its cheapest nodes, as far as these have room.

Shards that cost alike are buckets, nodes that cost alike are kinds. How many replicas of a bucket go to a
kind is a transport problem; its linear relaxation is solved by HiGHS. The proof are its prices: what a
replica of a bucket pays for its place (y) and what a unit of load pays on a kind of nodes (z). For any
prices that are not negative,

    sum(y x demand) - sum(z x limit) - sum(max(0, y - z x weight - cost) x room)

is a lower bound (weak duality), so whoever doubts it multiplies and adds up.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from shardwright.solver.bounds.cover import Longs
from shardwright.solver.bounds.leavers import kept_tables
from shardwright.solver.bounds.limits import UNLIMITED
from shardwright.solver.problem import LevelKey, Problem
from shardwright.solver.search.tables import FAULT

SCALE = 2**40  # prices are whole numbers of 1 / SCALE
WEIGHT_BUCKETS = 8  # shards of one kind are told apart by weight
MOST_VARIABLES = 50_000
SECONDS = 5.0


@dataclass(frozen=True)
class Transport:
    """B buckets of shards, J kinds of nodes, M measures.

    `demand` (B): replicas wanted. `cost` (B, J) of one replica at the level. `weight` (B, M): the least
    that one of the bucket's replicas adds. `room` (B, J): replicas that fit by number, 0 where they may not
    be. `limit` (J, M) of all nodes of the kind, UNLIMITED where some node has none. `bucket` (S) and `kind`
    (N) say who is who.
    """

    demand: Longs
    cost: Longs
    weight: Longs
    room: Longs
    limit: Longs
    bucket: Longs
    kind: Longs


@dataclass(frozen=True)
class Prices:
    """In 1 / SCALE: `place` (B) and `load` (J, M)."""

    place: tuple[int, ...]
    load: tuple[tuple[int, ...], ...]


def cheapest_places(
    problem: Problem,
    level: LevelKey,
    known: dict[LevelKey, int],
    limit: Longs,
    *,
    counting: bool = False,
) -> tuple[int, Transport, Prices] | None:
    """A bound for what single replicas cost at a level, with its proof; None where they cost nothing there.

    `limit` (nodes, measures) binds; a more important level that is known to cost nothing forbids what costs
    there. With `counting`, what nodes have room for by load is left aside.
    """
    transport = _transport(problem, level, known, limit)
    if transport is None:
        return None
    prices, least = _by_number(transport), _filled(transport)
    if not counting and transport.cost.size <= MOST_VARIABLES and (transport.limit < UNLIMITED).any():
        weighed = _by_load(transport)
        if weighed is not None and value(transport, weighed) > least:
            least, prices = value(transport, weighed), weighed
    return least, transport, prices


def value(transport: Transport, prices: Prices) -> int:
    """The bound that the prices show, in whole numbers without rounding on the way."""
    total = sum(y * int(wanted) for y, wanted in zip(prices.place, transport.demand, strict=True))
    for kind, measure in np.argwhere(transport.limit < UNLIMITED).tolist():
        total -= prices.load[kind][measure] * int(transport.limit[kind, measure])
    for bucket, kind in np.argwhere(transport.room > 0).tolist():
        weight = transport.weight[bucket].tolist()
        charged = sum(z * amount for z, amount in zip(prices.load[kind], weight, strict=True))
        over = prices.place[bucket] - charged - SCALE * int(transport.cost[bucket, kind])
        total -= max(0, over) * int(transport.room[bucket, kind])
    return max(0, -(-total // SCALE))


def _transport(
    problem: Problem, level: LevelKey, known: dict[LevelKey, int], limit: Longs
) -> Transport | None:
    if not problem.cluster.shards.ids or not problem.cluster.nodes.ids:
        return None
    tables = kept_tables(problem)
    alone, levels = tables.alone, list(problem.levels)
    at = 1 + levels.index(level)
    free = [FAULT] + [1 + levels.index(key) for key in levels if key < level and known[key] == 0]
    if not (alone.rest[:, :, at].any() or alone.arrive[:, :, at].any()):
        return None
    new = alone.home[:, 0] < 0 if alone.home.shape[1] else np.ones(len(tables.floor), dtype=bool)
    weights = np.array([measure.weights for measure in problem.measures], dtype=np.int64)
    weights = weights.reshape(len(problem.measures), len(tables.floor)).T
    bucket, first = _buckets(alone.kind, new, tables.floor, weights)
    count = len(first)
    arriving = np.where(new[first][:, None, None], alone.arrive[alone.kind[first]], 0)
    cost = alone.rest[alone.kind[first]] + arriving
    sizes = np.bincount(alone.node_kind, minlength=alone.rest.shape[1])
    allowed = (cost[:, :, free] == 0).all(axis=2)
    shards = np.bincount(bucket, minlength=count)
    lightest = np.full((count, weights.shape[1]), np.iinfo(np.int64).max)
    np.minimum.at(lightest, bucket, weights)
    bounded = np.zeros((len(sizes), weights.shape[1]), dtype=np.int64)
    np.add.at(bounded, alone.node_kind, np.minimum(limit, UNLIMITED))
    open_ended = np.zeros_like(bounded, dtype=bool)
    np.logical_or.at(open_ended, alone.node_kind, limit >= UNLIMITED)
    placeable = (allowed * sizes).sum(axis=1)
    demand = shards * np.minimum(tables.floor[first], placeable)
    return Transport(
        demand.astype(np.int64),
        cost[:, :, at],
        lightest,
        np.where(allowed, shards[:, None] * sizes, 0).astype(np.int64),
        np.where(open_ended, UNLIMITED, bounded),
        bucket.astype(np.int64),
        alone.node_kind.astype(np.int64),
    )


def _buckets(kind: Any, new: Any, floor: Any, weights: Longs) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """The bucket of each shard, and the first shard of each bucket."""
    heavy = np.zeros(len(kind), dtype=np.int64)
    if weights.shape[1]:
        mean = np.maximum(weights.mean(axis=0), 1e-9)
        rank = np.argsort(np.argsort((weights / mean).max(axis=1), kind="stable"), kind="stable")
        heavy = rank * WEIGHT_BUCKETS // max(1, len(kind))
    rows = np.stack([kind, new, floor, heavy], axis=1)
    _, first, bucket = np.unique(rows, axis=0, return_index=True, return_inverse=True)
    return bucket.reshape(-1), first


def _by_number(transport: Transport) -> Prices:
    """Loads apart: a replica pays as much as the dearest that is needed of its bucket."""
    place = [
        SCALE * _dearest(transport.cost[bucket], transport.room[bucket], wanted)
        for bucket, wanted in enumerate(transport.demand.tolist())
    ]
    measures = transport.limit.shape[1]
    return Prices(tuple(place), tuple((0,) * measures for _ in transport.limit))


def _filled(transport: Transport) -> int:
    """What these prices show: the cheapest kinds of nodes of each bucket, filled first."""
    order = np.argsort(transport.cost, axis=1, kind="stable")
    room = np.take_along_axis(transport.room, order, axis=1)
    before = np.cumsum(room, axis=1) - room
    taken = np.clip(transport.demand[:, None] - before, 0, room)
    return int((taken * np.take_along_axis(transport.cost, order, axis=1)).sum())


def _dearest(cost: Longs, room: Longs, wanted: int) -> int:
    """The cost of the last replica, where the cheapest kinds of nodes are filled first."""
    order = np.argsort(cost, kind="stable")
    order = order[room[order] > 0]
    if not wanted or not len(order):
        return 0
    reached = int(np.searchsorted(np.cumsum(room[order]), wanted))
    return int(cost[order[min(reached, len(order) - 1)]])


def _by_load(transport: Transport) -> Prices | None:
    """Prices of the linear relaxation; None where it has no solution or takes too long."""
    from scipy.optimize import linprog
    from scipy.sparse import coo_array

    buckets, kinds = np.nonzero(transport.room)
    bounded = np.argwhere(transport.limit < UNLIMITED)
    size, demands = len(buckets), len(transport.demand)
    if not size:
        return None
    # A row for each bucket (at least the demand), then one for each limit, as shares of it.
    unit = np.maximum(1.0, transport.limit[bounded[:, 0], bounded[:, 1]].astype(float))
    rows, columns, entries = [buckets], [np.arange(size)], [-np.ones(size)]
    for at, (kind, measure) in enumerate(bounded.tolist()):
        inside = np.flatnonzero(kinds == kind)
        rows.append(np.full(len(inside), demands + at))
        columns.append(inside)
        entries.append(transport.weight[buckets[inside], measure] / unit[at])
    places = (np.concatenate(rows), np.concatenate(columns))
    limits = transport.limit[bounded[:, 0], bounded[:, 1]] / unit
    found = linprog(
        transport.cost[buckets, kinds].astype(float),
        A_ub=coo_array((np.concatenate(entries), places), shape=(demands + len(bounded), size)).tocsr(),
        b_ub=np.concatenate([-transport.demand.astype(float), limits]),
        bounds=np.stack([np.zeros(size), transport.room[buckets, kinds].astype(float)], axis=1),
        method="highs",
        options={"time_limit": SECONDS},
    )
    return _rounded(transport, -found.ineqlin.marginals, bounded, unit) if found.status == 0 else None


def _rounded(transport: Transport, duals: Any, bounded: Any, unit: Any) -> Prices:
    """Any prices that are not negative prove something: these, in whole numbers."""
    demands = len(transport.demand)
    place = tuple(max(0, round(float(dual) * SCALE)) for dual in duals[:demands])
    load = [[0] * transport.limit.shape[1] for _ in transport.limit]
    for (kind, measure), dual, size in zip(bounded.tolist(), duals[demands:], unit, strict=True):
        load[kind][measure] = max(0, round(float(dual) / float(size) * SCALE))
    return Prices(place, tuple(map(tuple, load)))
