"""The annealing kernel: shift and swap single replicas, with incremental costs.

Compiled by numba on first use and cached. A replica is a number: shard * R + slot.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit

from shardwright.solver.search.tables import Tables

GO_HOME = 0.3
SWAP = 0.3
CANDIDATES = 64  # nodes looked at for a replica that is new
STRIDE = 7919  # a prime, so that neighbours in the list are not looked at together
LOOKS = 4  # replicas looked at to find one on a crowded node


@njit(cache=True)
def _over(t: Tables, cell: int, load: float) -> float:
    cost = 0.0
    for row in range(t.meter_start[cell], t.meter_start[cell + 1]):
        excess = load - t.limit[row]
        if excess > 0.0:
            cost += t.soft[row] * excess
            if excess > t.tolerated[row]:
                cost += t.hard[row] * (excess - t.tolerated[row])
    return cost


@njit(cache=True)
def _on(t: Tables, node: int, site: int) -> bool:
    for at in range(t.sites.shape[1]):
        if t.sites[node, at] == site:
            return True
    return False


@njit(cache=True)
def _is_home(t: Tables, shard: int, node: int) -> bool:
    for at in range(t.home.shape[1]):
        if t.home[shard, at] == node:
            return True
    return False


@njit(cache=True)
def _has(place: Any, shard: int, count: int, node: int) -> bool:
    for slot in range(count):
        if place[shard, slot] == node:
            return True
    return False


@njit(cache=True)
def _alone(t: Tables, shard: int, node: int) -> float:
    """What a replica costs where it is, whatever else is placed."""
    kind = t.of[shard]
    if _is_home(t, shard, node):
        return float(t.always[kind, node] - t.stay[kind, node] - t.leave[shard])
    return float(t.always[kind, node] + t.arrive[kind, node])


@njit(cache=True)
def _heaps(t: Tables, place: Any, shard: int) -> float:
    """What the spread rules of a shard cost."""
    cost = 0.0
    kind, count = t.of[shard], t.copies[shard]
    for rule in range(t.spread_start[kind], t.spread_start[kind + 1]):
        key, most = t.spread_key[rule], t.spread_most[rule]
        for slot in range(count):
            value = t.label[key, place[shard, slot]] if place[shard, slot] >= 0 else -1
            if value < 0:
                continue
            same, first = 0, True
            for other in range(count):
                if place[shard, other] >= 0 and t.label[key, place[shard, other]] == value:
                    same += 1
                    if other < slot:
                        first = False
            if first and same > most:
                cost += t.spread_cost[rule] * (same - most)
    return cost


@njit(cache=True)
def _exchange(t: Tables, load: Any, out: int, into: int, node: int, other: int) -> float:
    """The change of all meters when `node` gives a replica of `out` to `other` for one of `into` (or -1)."""
    change = 0.0
    groups = load.shape[1]
    for measure in range(t.weights.shape[0]):
        moved = t.weights[measure, out] - (t.weights[measure, into] if into >= 0 else 0.0)
        if moved == 0.0:
            continue
        for at in range(t.sites.shape[1]):
            site = t.sites[node, at]
            if site >= 0 and not _on(t, other, site):
                cell = measure * groups + site
                change += _over(t, cell, load[measure, site] - moved) - _over(t, cell, load[measure, site])
            site = t.sites[other, at]
            if site >= 0 and not _on(t, node, site):
                cell = measure * groups + site
                change += _over(t, cell, load[measure, site] + moved) - _over(t, cell, load[measure, site])
    return change


@njit(cache=True)
def _carry(t: Tables, load: Any, shard: int, node: int, other: int) -> None:
    for measure in range(t.weights.shape[0]):
        weight = t.weights[measure, shard]
        for at in range(t.sites.shape[1]):
            if t.sites[node, at] >= 0:
                load[measure, t.sites[node, at]] -= weight
            if t.sites[other, at] >= 0:
                load[measure, t.sites[other, at]] += weight


@njit(cache=True)
def _pressure(t: Tables, load: Any, node: int) -> float:
    cost = 0.0
    groups = load.shape[1]
    for measure in range(t.weights.shape[0]):
        for at in range(t.sites.shape[1]):
            site = t.sites[node, at]
            if site >= 0:
                cost += _over(t, measure * groups + site, load[measure, site])
    return cost


@njit(cache=True)
def total(t: Tables, place: Any, load: Any) -> float:
    """The whole cost; `load` is filled on the way."""
    load[:] = 0.0
    cost = 0.0
    for shard in range(place.shape[0]):
        for slot in range(t.copies[shard]):
            node = place[shard, slot]
            if node < 0:
                continue
            cost += _alone(t, shard, node)
            for measure in range(t.weights.shape[0]):
                for at in range(t.sites.shape[1]):
                    if t.sites[node, at] >= 0:
                        load[measure, t.sites[node, at]] += t.weights[measure, shard]
        cost += _heaps(t, place, shard)
    for measure in range(load.shape[0]):
        for site in range(load.shape[1]):
            cost += _over(t, measure * load.shape[1] + site, load[measure, site])
    return cost


@njit(cache=True)
def _pick(t: Tables, place: Any, load: Any, replicas: Any) -> int:
    """A replica on the most pressed of a few nodes."""
    best, worst = -1, -1.0
    for _ in range(LOOKS):
        replica = replicas[np.random.randint(len(replicas))]
        node = place[replica // place.shape[1], replica % place.shape[1]]
        pressure = _pressure(t, load, node)
        if pressure > worst:
            best, worst = replica, pressure
    return best


@njit(cache=True)
def _target(t: Tables, place: Any, shard: int, slot: int, nodes: int) -> int:
    """Where to: home now and then, else anywhere; -1 if the shard is there already."""
    if np.random.random() < GO_HOME and not _is_home(t, shard, place[shard, slot]):
        node = t.home[shard, np.random.randint(t.home.shape[1])]
    else:
        node = np.random.randint(nodes)
    if node < 0 or _has(place, shard, t.copies[shard], node):
        return -1
    return int(node)


@njit(cache=True)
def _shift(t: Tables, place: Any, load: Any, replica: int, heat: float) -> float:
    """Try to move a replica; the change of cost if it was done, else 0."""
    shard, slot = replica // place.shape[1], replica % place.shape[1]
    node = place[shard, slot]
    target = _target(t, place, shard, slot, t.sites.shape[0])
    if target < 0:
        return 0.0
    change = _alone(t, shard, target) - _alone(t, shard, node) - _heaps(t, place, shard)
    place[shard, slot] = target
    change += _heaps(t, place, shard)
    change += _exchange(t, load, shard, -1, node, target)
    if change <= 0.0 or np.random.random() < np.exp(-change / heat):
        _carry(t, load, shard, node, target)
        return change
    place[shard, slot] = node
    return 0.0


@njit(cache=True)
def _swap(t: Tables, place: Any, load: Any, one: int, two: int, heat: float) -> float:
    """Try to exchange two replicas of different shards; the change of cost if it was done, else 0."""
    width = place.shape[1]
    a, b = one // width, two // width
    here, there = place[a, one % width], place[b, two % width]
    if a == b or here == there or _has(place, a, t.copies[a], there) or _has(place, b, t.copies[b], here):
        return 0.0
    change = _alone(t, a, there) + _alone(t, b, here) - _alone(t, a, here) - _alone(t, b, there)
    change -= _heaps(t, place, a) + _heaps(t, place, b)
    place[a, one % width], place[b, two % width] = there, here
    change += _heaps(t, place, a) + _heaps(t, place, b)
    change += _exchange(t, load, a, b, here, there)
    if change <= 0.0 or np.random.random() < np.exp(-change / heat):
        _carry(t, load, a, here, there)
        _carry(t, load, b, there, here)
        return change
    place[a, one % width], place[b, two % width] = here, there
    return 0.0


@njit(cache=True)
def seed(number: int) -> None:
    """Numba has a random state of its own."""
    np.random.seed(number)


@njit(cache=True)
def anneal(t: Tables, place: Any, load: Any, replicas: Any, steps: int, heat: float) -> float:
    """Some steps at one heat; the change of cost."""
    change = 0.0
    for _ in range(steps):
        replica = _pick(t, place, load, replicas)
        if np.random.random() < SWAP:
            other = replicas[np.random.randint(len(replicas))]
            change += _swap(t, place, load, replica, other, heat)
        else:
            change += _shift(t, place, load, replica, heat)
    return change


@njit(cache=True)
def construct(t: Tables, place: Any, load: Any) -> None:
    """Settled replicas stay; each that is missing goes to the cheapest of some nodes."""
    nodes = t.sites.shape[0]
    total(t, place, load)  # of nothing: no replica counts before it has a node
    for shard in range(place.shape[0]):
        filled = 0
        for at in range(t.home.shape[1]):
            if t.home[shard, at] >= 0 and filled < t.copies[shard]:
                place[shard, filled] = t.home[shard, at]
                _enter(t, load, shard, place[shard, filled])
                filled += 1
    for shard in range(place.shape[0]):
        for slot in range(t.copies[shard]):
            if place[shard, slot] < 0:
                place[shard, slot] = _cheapest(t, place, load, shard, slot, nodes)
                _enter(t, load, shard, place[shard, slot])


@njit(cache=True)
def _enter(t: Tables, load: Any, shard: int, node: int) -> None:
    for measure in range(t.weights.shape[0]):
        for at in range(t.sites.shape[1]):
            if t.sites[node, at] >= 0:
                load[measure, t.sites[node, at]] += t.weights[measure, shard]


@njit(cache=True)
def _cheapest(t: Tables, place: Any, load: Any, shard: int, slot: int, nodes: int) -> int:
    best, least = -1, np.inf
    start = np.random.randint(nodes)
    for step in range(nodes):
        if best >= 0 and step >= CANDIDATES:
            break
        node = (start + step * STRIDE) % nodes if nodes % STRIDE else (start + step) % nodes
        if _has(place, shard, t.copies[shard], node):
            continue
        place[shard, slot] = node
        cost = _alone(t, shard, node) + _heaps(t, place, shard)
        for measure in range(t.weights.shape[0]):
            for at in range(t.sites.shape[1]):
                site = t.sites[node, at]
                if site >= 0:
                    cell = measure * load.shape[1] + site
                    before = load[measure, site]
                    cost += _over(t, cell, before + t.weights[measure, shard]) - _over(t, cell, before)
        place[shard, slot] = -1
        if cost < least:
            best, least = node, cost
    return best
