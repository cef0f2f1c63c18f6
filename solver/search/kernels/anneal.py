"""Annealing: many moves at one heat, or, without heat, only such as make no level worse before one better."""

from __future__ import annotations

from typing import Any

import numpy as np

from shardwright.solver.search.compiled import kernel
from shardwright.solver.search.kernels.choice import is_taken, roomy_nodes, target_for
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
from shardwright.solver.search.kernels.picks import (
    EJECT,
    ROOMY,
    SWAP,
    away_from_home,
    hot_nodes,
    members_of,
    partner,
    pick,
)
from shardwright.solver.search.kernels.several import eject, relocate, vacate
from shardwright.solver.search.tables import NONE, State, Tables

RELOCATE = 0.005  # how often shards that must keep together go elsewhere as one,
VACATE = 0.02  # how often a node gives all away, where nodes in use cost something,
COUNT = 0.1  # and how often the number of replicas is changed where it may be


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
        target = target_for(t, state, shard, NONE, roomy, mix[ROOMY])
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
        return relocate(t, state, weight, heat, out, scratch)
    if len(t.use.level) > 0 and np.random.random() < VACATE:
        return vacate(t, state, start, replicas, roomy, weight, heat, out, scratch)
    if len(counts) > 0 and np.random.random() < COUNT:
        return _recount(
            t, state, counts[np.random.randint(len(counts))], roomy, mix, weight, heat, out, scratch
        )
    replica = pick(state, start, replicas, hot, away, mix)
    if replica < 0:
        return False
    shard, slot = replica // state.place.shape[1], replica % state.place.shape[1]
    if slot >= state.count[shard] or slot < t.fixed[shard]:
        return False
    draw = np.random.random()
    if draw < mix[SWAP]:
        other = partner(t, state, shard, slot, start, replicas)
        return _swap(t, state, shard, slot, other, weight, heat, out, scratch)
    if draw < mix[SWAP] + mix[EJECT]:
        return eject(t, state, shard, slot, start, replicas, roomy, mix, weight, heat, out, scratch)
    return _shift(t, state, shard, slot, roomy, mix, weight, heat, out, scratch)


@kernel
def anneal(t: Tables, state: State, weight: Any, heat: float, steps: int, mix: Any, counts: Any) -> int:
    """Some steps at one heat; how many were taken. `counts`: shards whose number of replicas varies."""
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
