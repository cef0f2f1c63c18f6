"""Moves of several replicas: one pushes another on, shards that keep together go as one, a node empties."""

from __future__ import annotations

from typing import Any

import numpy as np

from shardwright.solver.search.compiled import kernel
from shardwright.solver.search.kernels.choice import STEEP, is_taken, score, target_for
from shardwright.solver.search.kernels.company import node_at
from shardwright.solver.search.kernels.moves import do_shift, has, try_shift, undo_shift
from shardwright.solver.search.kernels.picks import ROOMY, any_replica, member, still_on
from shardwright.solver.search.tables import NONE, State, Tables

EVICTED = 6  # replicas that an ejection looks at
MOST_VACATED = 32  # a node gives all away if it holds no more than this,
DRAWN = 3  # the one with the fewest of so many,
LOOKED_AT = 8  # and how many nodes are looked at for each of them


@kernel
def eject(
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
    best_shard, best_slot, best_target, least = NONE, NONE, NONE, np.inf
    change = np.zeros(len(out), dtype=np.int64)
    for _ in range(EVICTED):
        replica = member(start, replicas, target)
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
def relocate(t: Tables, state: State, weight: Any, heat: float, out: Any, scratch: Any) -> bool:
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
def vacate(
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
    node, least = NONE, MOST_VACATED + 1
    for _ in range(DRAWN):
        drawn = any_replica(state)
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
        if not still_on(state, replicas[at], node):
            continue
        target = (
            NONE if slot < t.fixed[shard] else _best_in_use(t, state, shard, slot, roomy, weight, scratch)
        )
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
    best, least = NONE, np.inf
    change = np.zeros(len(weight), dtype=np.int64)
    width = state.place.shape[1]
    for draw in range(LOOKED_AT):
        drawn = any_replica(state)
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
    best, least = NONE, np.inf
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
