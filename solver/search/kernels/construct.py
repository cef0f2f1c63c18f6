"""A first placement: settled replicas stay where they may, and what is missing goes to the cheapest nodes."""

from __future__ import annotations

from typing import Any

import numpy as np

from shardwright.solver.search.compiled import kernel
from shardwright.solver.search.kernels.choice import score
from shardwright.solver.search.kernels.moves import (
    do_add,
    do_drop,
    has,
    settle,
    try_add,
    try_drop,
    undo_add,
    undo_drop,
)
from shardwright.solver.search.kernels.refs import opened, opened_state
from shardwright.solver.search.tables import FAULT, State, Tables

CANDIDATES = 64  # nodes looked at for a replica that is missing


@kernel
def stay_home(tables: Tables, arrays: State) -> None:
    """Settled replicas where they are, but for those that break a required rule there."""
    t, state = opened(tables), opened_state(arrays)
    alone = t.alone
    for shard in range(alone.home.shape[0]):
        kind, count = alone.kind[shard], t.fixed[shard]
        for at in range(count):
            state.place[shard, at] = t.pinned[shard, at]
        state.count[shard] = count
        for at in range(alone.home.shape[1]):
            node = alone.home[shard, at]
            if node < 0 or alone.rest[kind, alone.node_kind[node], FAULT] > 0 or has(state, shard, node):
                continue
            state.place[shard, count] = node
            count += 1
            state.count[shard] = count
    settle(t, state)


@kernel
def complete(tables: Tables, arrays: State, weight: Any, order: Any) -> None:
    """Drop replicas beyond the ceiling and place what is missing to the floor, shards in the given order."""
    t, state = opened(tables), opened_state(arrays)
    out = np.zeros(len(weight), dtype=np.int64)
    scratch = np.zeros(len(weight), dtype=np.int64)
    for shard in order:
        while state.count[shard] > t.ceiling[shard]:
            if not _drop_best(t, state, shard, weight, out, scratch):
                break
        while state.count[shard] < t.floor[shard]:
            if not _add_best(t, state, shard, weight, out, scratch):
                break


@kernel
def _drop_best(t: Tables, state: State, shard: int, weight: Any, out: Any, scratch: Any) -> bool:
    best, least = -1, np.inf
    for slot in range(t.fixed[shard], state.count[shard]):
        node = state.place[shard, slot]
        out[:] = 0
        try_drop(t, state, shard, slot, out)
        undo_drop(t, state, shard, scratch)
        if score(weight, out) < least:
            best, least = node, score(weight, out)
    for slot in range(state.count[shard]):
        if state.place[shard, slot] == best:
            out[:] = 0
            try_drop(t, state, shard, slot, out)
            do_drop(t, state, shard)
            for entry in range(len(out)):
                state.cost[entry] += out[entry]
            return True
    return False


@kernel
def _add_best(t: Tables, state: State, shard: int, weight: Any, out: Any, scratch: Any) -> bool:
    """The cheapest of some nodes; all of them where there are few, or none of some would do."""
    kind, nodes = t.alone.kind[shard], len(t.alone.node_kind)
    first, size = t.open_start[kind], t.open_start[kind + 1] - t.open_start[kind]
    best, least = -1, np.inf
    begin = np.random.randint(size) if size > 0 else 0
    for step in range(size + nodes):
        if best >= 0 and step >= min(size, CANDIDATES):
            break
        node = t.open[first + (begin + step) % size] if step < size else step - size
        if has(state, shard, node):
            continue
        out[:] = 0
        try_add(t, state, shard, node, out)
        undo_add(t, state, shard, node, scratch)
        if score(weight, out) < least:
            best, least = node, score(weight, out)
    if best < 0:
        return False
    out[:] = 0
    try_add(t, state, shard, best, out)
    do_add(t, state, shard, best)
    for entry in range(len(out)):
        state.cost[entry] += out[entry]
    return True
