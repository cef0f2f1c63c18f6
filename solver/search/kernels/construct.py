"""A first placement: settled replicas stay where they may, and what is missing goes to the cheapest nodes."""

from __future__ import annotations

from typing import Any

import numpy as np

from shardwright.solver.search.compiled import kernel
from shardwright.solver.search.kernels.choice import score
from shardwright.solver.search.kernels.company import gathering_node, node_at
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
from shardwright.solver.search.tables import FAULT, NONE, State, Tables

GATHERING = -32  # nodes looked at where company is, before
LOOKED_AT = 16  # nodes of a value, for each shard of a circle
CANDIDATES = 64  # nodes looked at for a replica that is missing


@kernel
def stay_home(t: Tables, state: State) -> None:
    """Settled replicas where they are, but for those that break a required rule there."""
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
def stand(t: Tables, state: State, place: Any) -> None:
    """Replicas where a placement (S, R; -1 for none) has them, those that are pinned first."""
    for shard in range(place.shape[0]):
        count = t.fixed[shard]
        for at in range(count):
            state.place[shard, at] = t.pinned[shard, at]
        state.count[shard] = count
        for at in range(place.shape[1]):
            node = place[shard, at]
            if node >= 0 and not has(state, shard, node):
                state.place[shard, count] = node
                count += 1
                state.count[shard] = count
    settle(t, state)


@kernel
def complete(t: Tables, state: State, weight: Any, order: Any) -> None:
    """Drop replicas beyond the ceiling and place what is missing to the floor, shards in the given order."""
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
def gather(t: Tables, state: State, weight: Any, circles: Any, tries: int) -> None:
    """New shards that must keep together, circle by circle: all where they cost least, of some values."""
    out = np.zeros(len(weight), dtype=np.int64)
    for circle in circles:
        size = t.company.circle_start[circle + 1] - t.company.circle_start[circle]
        key = t.company.key[t.company.circle_rule[circle]]
        found, nodes = np.empty(size, dtype=np.int64), np.full(size, -1, dtype=np.int64)
        least = np.inf
        for _ in range(tries):
            value = t.shape.label[key, np.random.randint(t.shape.label.shape[1])]
            if value < 0:
                continue
            out[:] = 0
            _come_together(t, state, circle, key, value, weight, found, out)
            if score(weight, out) < least:
                nodes[:], least = found, score(weight, out)
            _go_apart(t, state, circle, found)
        _place_all(t, state, circle, nodes)


@kernel
def _come_together(
    t: Tables, state: State, circle: int, key: int, value: int, weight: Any, found: Any, out: Any
) -> None:
    """Place the circle's shards that are nowhere yet at a value; `found` are the nodes, -1 for the others."""
    change, scratch = np.zeros(len(weight), dtype=np.int64), np.zeros(len(weight), dtype=np.int64)
    begin = t.company.circle_start[circle]
    for at in range(len(found)):
        shard, least = t.company.circle[begin + at], np.inf
        found[at] = -1
        if state.count[shard] > 0 or t.floor[shard] == 0:
            continue
        for _ in range(LOOKED_AT):
            node = node_at(t.shape, key, value)
            change[:] = 0
            try_add(t, state, shard, node, change)
            undo_add(t, state, shard, node, scratch)
            if score(weight, change) < least:
                found[at], least = node, score(weight, change)
        if found[at] >= 0:
            try_add(t, state, shard, found[at], out)
            do_add(t, state, shard, found[at])


@kernel
def _go_apart(t: Tables, state: State, circle: int, found: Any) -> None:
    """Take back what came together."""
    scratch = np.zeros(len(state.cost), dtype=np.int64)
    begin = t.company.circle_start[circle]
    for at in range(len(found) - 1, -1, -1):
        if found[at] >= 0:
            shard = t.company.circle[begin + at]
            try_drop(t, state, shard, 0, scratch)
            do_drop(t, state, shard)


@kernel
def _place_all(t: Tables, state: State, circle: int, nodes: Any) -> None:
    begin = t.company.circle_start[circle]
    for at in range(len(nodes)):
        if nodes[at] >= 0:
            shard = t.company.circle[begin + at]
            try_add(t, state, shard, nodes[at], state.cost)
            do_add(t, state, shard, nodes[at])


@kernel
def _drop_best(t: Tables, state: State, shard: int, weight: Any, out: Any, scratch: Any) -> bool:
    best, least = NONE, np.inf
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
    best, least = NONE, np.inf
    begin = np.random.randint(size) if size > 0 else 0
    for step in range(GATHERING if len(t.company.key) > 0 else 0, size + nodes):
        if best >= 0 and step >= min(size, CANDIDATES):
            break
        if step < 0:
            node = gathering_node(t.company, t.shape, state, shard)
            if node < 0:
                continue
        else:
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
