"""Which replica a move takes: lists that are made once for each heat, and draws from them."""

from __future__ import annotations

from typing import Any

import numpy as np

from shardwright.solver.search.compiled import kernel
from shardwright.solver.search.kernels.alone import is_home
from shardwright.solver.search.kernels.choice import pressure_of
from shardwright.solver.search.tables import State, Tables

# What a mix of moves says: how often a replica is taken from a node with broken limits, how often it is one
# that is away from home; how often it is swapped, how often it pushes another on; else it is shifted; and
# how often its target is one of the nodes with the most room.
HOT, AWAY, SWAP, EJECT, ROOMY = range(5)
HOMEWARD = 0.7  # how often a replica that is away swaps with one where it was settled


@kernel
def members_of(state: State, nodes: int) -> tuple[Any, Any]:
    """Replicas by node: starts (N + 1) and replica numbers (shard * width + slot)."""
    start = np.zeros(nodes + 1, dtype=np.int64)
    width = state.place.shape[1]
    for shard in range(state.place.shape[0]):
        for slot in range(state.count[shard]):
            start[state.place[shard, slot] + 1] += 1
    for node in range(nodes):
        start[node + 1] += start[node]
    replicas = np.empty(start[nodes], dtype=np.int64)
    filled = start[:nodes].copy()
    for shard in range(state.place.shape[0]):
        for slot in range(state.count[shard]):
            node = state.place[shard, slot]
            replicas[filled[node]] = shard * width + slot
            filled[node] += 1
    return start, replicas


@kernel
def hot_nodes(t: Tables, state: State, weight: Any) -> Any:
    """Nodes with broken limits."""
    nodes = len(t.alone.node_kind)
    scratch = np.zeros(len(weight), dtype=np.int64)
    found = np.empty(nodes, dtype=np.int64)
    count = 0
    for node in range(nodes):
        if pressure_of(t.meters, state.load, node, weight, scratch) > 0.0:
            found[count] = node
            count += 1
    return found[:count]


@kernel
def away_from_home(t: Tables, state: State) -> Any:
    """Replicas that are not where their shard was settled, of shards that were."""
    width = state.place.shape[1]
    found = np.empty(state.place.size, dtype=np.int64)
    count = 0
    for shard in range(state.place.shape[0]):
        if t.alone.home[shard, 0] < 0:
            continue
        for slot in range(state.count[shard]):
            if not is_home(t.alone, shard, state.place[shard, slot]):
                found[count] = shard * width + slot
                count += 1
    return found[:count]


@kernel
def any_replica(state: State) -> int:
    """A replica of a random shard; -1 if that has none."""
    shard = np.random.randint(state.place.shape[0])
    count = state.count[shard]
    return shard * state.place.shape[1] + np.random.randint(count) if count > 0 else -1


@kernel
def member(start: Any, replicas: Any, node: int) -> int:
    """A replica that was on the node when members were listed; -1 if there was none."""
    first, last = start[node], start[node + 1]
    return int(replicas[np.random.randint(first, last)]) if last > first else -1


@kernel
def still_on(state: State, replica: int, node: int) -> bool:
    """Whether a replica is on the node; lists are as old as the heat."""
    if replica < 0:
        return False
    shard, slot = replica // state.place.shape[1], replica % state.place.shape[1]
    return bool(slot < state.count[shard] and state.place[shard, slot] == node)


@kernel
def pick(state: State, start: Any, replicas: Any, hot: Any, away: Any, mix: Any) -> int:
    """A replica, often one on a node with broken limits or one that is away from home."""
    draw = np.random.random()
    if draw < mix[HOT] and len(hot) > 0:
        node = hot[np.random.randint(len(hot))]
        replica = member(start, replicas, node)
        if still_on(state, replica, node):
            return replica
    elif draw < mix[HOT] + mix[AWAY] and len(away) > 0:
        return int(away[np.random.randint(len(away))])
    return any_replica(state)


@kernel
def partner(t: Tables, state: State, shard: int, slot: int, start: Any, replicas: Any) -> int:
    """A replica to swap with: one that holds this one's old place, or any."""
    if np.random.random() < HOMEWARD and not is_home(t.alone, shard, state.place[shard, slot]):
        home = t.alone.home[shard, np.random.randint(t.alone.home.shape[1])]
        if home >= 0:
            replica = member(start, replicas, home)
            if still_on(state, replica, home):
                return replica
    return any_replica(state)
