"""Annealing: many moves at one heat, or, without heat, only such as make no level worse before one better."""

from __future__ import annotations

from typing import Any

import numpy as np

from shardwright.solver.search.compiled import kernel
from shardwright.solver.search.kernels.alone import is_home
from shardwright.solver.search.kernels.choice import (
    STEEP,
    is_taken,
    pressure_of,
    roomy_nodes,
    score,
    target_for,
)
from shardwright.solver.search.kernels.company import node_at
from shardwright.solver.search.kernels.moves import (
    do_add,
    do_drop,
    do_shift,
    do_swap,
    has,
    try_add,
    try_drop,
    try_shift,
    try_swap,
    undo_add,
    undo_drop,
    undo_shift,
    undo_swap,
)
from shardwright.solver.search.kernels.refs import opened, opened_state
from shardwright.solver.search.tables import State, Tables

# What a mix of moves says: how often a replica is taken from a node with broken limits, how often it is one
# that is away from home; how often it is swapped, how often it pushes another on; else it is shifted; and
# how often its target is one of the nodes with the most room.
HOT, AWAY, SWAP, EJECT, ROOMY = range(5)
HOMEWARD = 0.7  # how often a replica that is away swaps with one where it was settled
EVICTED = 6  # replicas that an ejection looks at
RELOCATE = 0.005  # how often shards that must keep together go elsewhere as one,
VACATE = 0.02  # how often a node gives all away, where nodes in use cost something,
MOST_VACATED = 32  # if it holds no more than this,
DRAWN = 3  # the one with the fewest of so many,
LOOKED_AT = 8  # and how many nodes are looked at for each of them
COUNT = 0.1  # how often the number of replicas is changed where it may be


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
    found = np.empty(nodes, dtype=np.int32)
    count = 0
    for node in range(nodes):
        if pressure_of(t.meters, state.load, node, weight, scratch) > 0.0:
            found[count] = node
            count += 1
    return found[:count]


@kernel
def _member(start: Any, replicas: Any, node: int) -> int:
    """A replica that was on the node when members were listed; -1 if there was none."""
    first, last = start[node], start[node + 1]
    return int(replicas[np.random.randint(first, last)]) if last > first else -1


@kernel
def _any_replica(state: State) -> int:
    """A replica of a random shard; -1 if that has none."""
    shard = np.random.randint(state.place.shape[0])
    count = state.count[shard]
    return shard * state.place.shape[1] + np.random.randint(count) if count > 0 else -1


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
def _still_on(state: State, replica: int, node: int) -> bool:
    """Whether a replica is on the node; lists are as old as the heat."""
    if replica < 0:
        return False
    shard, slot = replica // state.place.shape[1], replica % state.place.shape[1]
    return bool(slot < state.count[shard] and state.place[shard, slot] == node)


@kernel
def _pick(state: State, start: Any, replicas: Any, hot: Any, away: Any, mix: Any) -> int:
    """A replica, often one on a node with broken limits or one that is away from home."""
    draw = np.random.random()
    if draw < mix[HOT] and len(hot) > 0:
        node = hot[np.random.randint(len(hot))]
        replica = _member(start, replicas, node)
        if _still_on(state, replica, node):
            return replica
    elif draw < mix[HOT] + mix[AWAY] and len(away) > 0:
        return int(away[np.random.randint(len(away))])
    return _any_replica(state)


@kernel
def _partner(t: Tables, state: State, shard: int, slot: int, start: Any, replicas: Any) -> int:
    """A replica to swap with: one that holds this one's old place, or any."""
    if np.random.random() < HOMEWARD and not is_home(t.alone, shard, state.place[shard, slot]):
        home = t.alone.home[shard, np.random.randint(t.alone.home.shape[1])]
        if home >= 0:
            replica = _member(start, replicas, home)
            if _still_on(state, replica, home):
                return replica
    return _any_replica(state)


@kernel
def _shift(
    t: Tables,
    state: State,
    shard: int,
    slot: int,
    roomy: Any,
    mix: Any,
    weight: Any,
    heat: float,
    out: Any,
    scratch: Any,
) -> bool:
    target = target_for(t, state, shard, state.place[shard, slot], roomy, mix[ROOMY])
    if target < 0:
        return False
    try_shift(t, state, shard, slot, target, out)
    if is_taken(weight, out, heat):
        do_shift(t, state, shard, slot, target)
        return True
    undo_shift(t, state, shard, slot, target, scratch)
    return False


@kernel
def _swap(
    t: Tables,
    state: State,
    one: int,
    slot: int,
    partner: int,
    weight: Any,
    heat: float,
    out: Any,
    scratch: Any,
) -> bool:
    width = state.place.shape[1]
    two, other = partner // width, partner % width
    if partner < 0 or one == two or other >= state.count[two] or other < t.fixed[two]:
        return False
    here, there = state.place[one, slot], state.place[two, other]
    if here == there or has(state, one, there) or has(state, two, here):
        return False
    try_swap(t, state, one, slot, two, other, out)
    if is_taken(weight, out, heat):
        do_swap(t, state, one, slot, two, other)
        return True
    undo_swap(t, state, one, slot, two, other, scratch)
    return False


@kernel
def _eject(
    t: Tables,
    state: State,
    shard: int,
    slot: int,
    start: Any,
    replicas: Any,
    roomy: Any,
    mix: Any,
    weight: Any,
    heat: float,
    out: Any,
    scratch: Any,
) -> bool:
    """A replica goes to a node, and the best of a few there goes on to another."""
    node, width = state.place[shard, slot], state.place.shape[1]
    target = target_for(t, state, shard, node, roomy, mix[ROOMY])
    if target < 0:
        return False
    try_shift(t, state, shard, slot, target, out)
    if is_taken(weight, out, heat):
        do_shift(t, state, shard, slot, target)
        return True
    do_shift(t, state, shard, slot, target)
    best_shard, best_slot, best_target, least = -1, -1, -1, np.inf
    change = np.zeros(len(out), dtype=np.int64)
    for _ in range(EVICTED):
        replica = _member(start, replicas, target)
        if replica < 0:
            break
        other, at = replica // width, replica % width
        if other == shard or at >= state.count[other] or at < t.fixed[other]:
            continue
        if state.place[other, at] != target:
            continue
        onward = target_for(t, state, other, target, roomy, mix[ROOMY])
        if onward < 0:
            continue
        change[:] = 0
        try_shift(t, state, other, at, onward, change)
        undo_shift(t, state, other, at, onward, scratch)
        cost = score(weight, change)
        if cost < least:
            best_shard, best_slot, best_target, least = other, at, onward, cost
    if best_shard >= 0:
        try_shift(t, state, best_shard, best_slot, best_target, out)
        if is_taken(weight, out, heat):
            do_shift(t, state, best_shard, best_slot, best_target)
            return True
        undo_shift(t, state, best_shard, best_slot, best_target, scratch)
    try_shift(t, state, shard, slot, node, scratch)
    do_shift(t, state, shard, slot, node)
    return False


@kernel
def _relocate(t: Tables, state: State, weight: Any, heat: float, out: Any, scratch: Any) -> bool:
    """All shards that must keep together at a value go to another one, each to the best of a few nodes."""
    company, label = t.company, t.shape.label
    circle = np.random.randint(len(company.circle_rule))
    first, last = company.circle_start[circle], company.circle_start[circle + 1]
    key = company.key[company.circle_rule[circle]]
    leader = company.circle[np.random.randint(first, last)]
    if state.count[leader] == 0:
        return False
    old = label[key, state.place[leader, np.random.randint(state.count[leader])]]
    new = label[key, np.random.randint(label.shape[1])]
    if old == new or old < 0 or new < 0:
        return False
    width = state.place.shape[1]
    gone, came_from = (
        np.empty((last - first) * width, dtype=np.int64),
        np.empty((last - first) * width, np.int64),
    )
    moved, complete = 0, True
    for at in range(first, last):
        shard = company.circle[at]
        for slot in range(t.fixed[shard], state.count[shard]):
            node = state.place[shard, slot]
            if label[key, node] != old:
                continue
            target = _best_at(t, state, shard, slot, key, new, weight, scratch)
            if target < 0:
                complete = False
                break
            try_shift(t, state, shard, slot, target, out)
            do_shift(t, state, shard, slot, target)
            gone[moved], came_from[moved] = shard * width + slot, node
            moved += 1
        if not complete:
            break
    if complete and is_taken(weight, out, heat):
        return True
    for at in range(moved - 1, -1, -1):
        shard, slot = gone[at] // width, gone[at] % width
        try_shift(t, state, shard, slot, came_from[at], scratch)
        do_shift(t, state, shard, slot, came_from[at])
    return False


@kernel
def _vacate(
    t: Tables,
    state: State,
    start: Any,
    replicas: Any,
    roomy: Any,
    weight: Any,
    heat: float,
    out: Any,
    scratch: Any,
) -> bool:
    """A node gives all its replicas away, each to the best of a few nodes that hold some."""
    width = state.place.shape[1]
    node, least = -1, MOST_VACATED + 1
    for _ in range(DRAWN):
        drawn = _any_replica(state)
        if drawn >= 0:
            one = state.place[drawn // width, drawn % width]
            if start[one + 1] - start[one] < least:
                node, least = one, start[one + 1] - start[one]
    first, last = start[node], start[node + 1]
    if node < 0:
        return False
    gone, came_to = np.empty(last - first, dtype=np.int64), np.empty(last - first, dtype=np.int64)
    moved, complete = 0, True
    for at in range(first, last):
        shard, slot = replicas[at] // width, replicas[at] % width
        if not _still_on(state, replicas[at], node):
            continue
        target = -1 if slot < t.fixed[shard] else _best_in_use(t, state, shard, slot, roomy, weight, scratch)
        if target < 0:
            complete = False
            break
        try_shift(t, state, shard, slot, target, out)
        do_shift(t, state, shard, slot, target)
        gone[moved], came_to[moved] = replicas[at], target
        moved += 1
    if complete and is_taken(weight, out, heat):
        return True
    for at in range(moved - 1, -1, -1):
        shard, slot = gone[at] // width, gone[at] % width
        try_shift(t, state, shard, slot, node, scratch)
        do_shift(t, state, shard, slot, node)
    return False


@kernel
def _best_in_use(
    t: Tables, state: State, shard: int, slot: int, roomy: Any, weight: Any, scratch: Any
) -> int:
    """The cheapest of some other nodes in use, half of them with much room; -1 where none was found."""
    best, least = -1, np.inf
    change = np.zeros(len(weight), dtype=np.int64)
    width = state.place.shape[1]
    for draw in range(LOOKED_AT):
        drawn = _any_replica(state)
        if drawn < 0:
            continue
        node = state.place[drawn // width, drawn % width]
        if draw % 2 and len(roomy) > 0:
            node = roomy[int(len(roomy) * np.random.random() ** STEEP)]
        if has(state, shard, node):
            continue
        change[:] = 0
        try_shift(t, state, shard, slot, node, change)
        undo_shift(t, state, shard, slot, node, scratch)
        if score(weight, change) < least:
            best, least = node, score(weight, change)
    return best


@kernel
def _best_at(
    t: Tables, state: State, shard: int, slot: int, key: int, value: int, weight: Any, scratch: Any
) -> int:
    """The cheapest of some random nodes at a value; -1 where all hold the shard already."""
    best, least = -1, np.inf
    change = np.zeros(len(weight), dtype=np.int64)
    for _ in range(LOOKED_AT):
        node = node_at(t.shape, key, value)
        if has(state, shard, node):
            continue
        change[:] = 0
        try_shift(t, state, shard, slot, node, change)
        undo_shift(t, state, shard, slot, node, scratch)
        if score(weight, change) < least:
            best, least = node, score(weight, change)
    return best


@kernel
def _recount(
    t: Tables,
    state: State,
    shard: int,
    roomy: Any,
    mix: Any,
    weight: Any,
    heat: float,
    out: Any,
    scratch: Any,
) -> bool:
    """One replica more or less, between floor and ceiling."""
    count = state.count[shard]
    if count < t.ceiling[shard] and (count <= t.floor[shard] or np.random.random() < 0.5):
        target = target_for(t, state, shard, -1, roomy, mix[ROOMY])
        if target < 0:
            return False
        try_add(t, state, shard, target, out)
        if is_taken(weight, out, heat):
            do_add(t, state, shard, target)
            return True
        undo_add(t, state, shard, target, scratch)
    elif count > max(t.floor[shard], t.fixed[shard]):
        try_drop(t, state, shard, np.random.randint(t.fixed[shard], count), out)
        if is_taken(weight, out, heat):
            do_drop(t, state, shard)
            return True
        undo_drop(t, state, shard, scratch)
    return False


@kernel
def _move(
    t: Tables,
    state: State,
    start: Any,
    replicas: Any,
    hot: Any,
    away: Any,
    roomy: Any,
    weight: Any,
    heat: float,
    mix: Any,
    counts: Any,
    out: Any,
    scratch: Any,
) -> bool:
    """One random move, taken or not."""
    if len(t.company.circle_rule) > 0 and np.random.random() < RELOCATE:
        return _relocate(t, state, weight, heat, out, scratch)
    if len(t.use.level) > 0 and np.random.random() < VACATE:
        return _vacate(t, state, start, replicas, roomy, weight, heat, out, scratch)
    if len(counts) > 0 and np.random.random() < COUNT:
        return _recount(
            t, state, counts[np.random.randint(len(counts))], roomy, mix, weight, heat, out, scratch
        )
    replica = _pick(state, start, replicas, hot, away, mix)
    if replica < 0:
        return False
    shard, slot = replica // state.place.shape[1], replica % state.place.shape[1]
    if slot >= state.count[shard] or slot < t.fixed[shard]:
        return False
    draw = np.random.random()
    if draw < mix[SWAP]:
        partner = _partner(t, state, shard, slot, start, replicas)
        return _swap(t, state, shard, slot, partner, weight, heat, out, scratch)
    if draw < mix[SWAP] + mix[EJECT]:
        return _eject(t, state, shard, slot, start, replicas, roomy, mix, weight, heat, out, scratch)
    return _shift(t, state, shard, slot, roomy, mix, weight, heat, out, scratch)


@kernel
def anneal(tables: Tables, arrays: State, weight: Any, heat: float, steps: int, mix: Any, counts: Any) -> int:
    """Some steps at one heat; how many were taken. `counts`: shards whose number of replicas varies."""
    t, state = opened(tables), opened_state(arrays)
    if state.place.shape[0] == 0:
        return 0
    start, replicas = members_of(state, len(t.alone.node_kind))
    hot, away = hot_nodes(t, state, weight), away_from_home(t, state)
    roomy = roomy_nodes(t, state)
    out = np.zeros(len(weight), dtype=np.int64)
    scratch = np.zeros(len(weight), dtype=np.int64)
    taken = 0
    for _ in range(steps):
        out[:] = 0
        if _move(t, state, start, replicas, hot, away, roomy, weight, heat, mix, counts, out, scratch):
            for entry in range(len(out)):
                state.cost[entry] += out[entry]
            taken += 1
    return taken
