"""Back to a placement wherever that makes nothing worse: of equally good placements, one near it."""

from __future__ import annotations

from typing import Any

import numpy as np

from shardwright.solver.search.compiled import kernel
from shardwright.solver.search.kernels.moves import do_shift, has, try_shift, undo_shift
from shardwright.solver.search.tables import State, Tables

PASSES = 5  # over all shards, at most


@kernel
def restore(t: Tables, state: State, near: Any) -> int:
    """Replicas return to where `near` (S, R; -1 for none) has them, alone or two together; how many did."""
    out = np.zeros(len(state.cost), dtype=np.int64)
    scratch = np.zeros(len(state.cost), dtype=np.int64)
    total = 0
    for _ in range(PASSES):
        returned = 0
        for shard in range(state.place.shape[0]):
            for slot in range(t.fixed[shard], state.count[shard]):
                if not _is_near(near, shard, state.place[shard, slot]):
                    returned += _return(t, state, shard, slot, near, out, scratch)
        total += returned
        if returned == 0:
            break
    return total


@kernel
def _return(t: Tables, state: State, shard: int, slot: int, near: Any, out: Any, scratch: Any) -> int:
    for at in range(near.shape[1]):
        target = near[shard, at]
        if target < 0 or has(state, shard, target):
            continue
        node = state.place[shard, slot]
        out[:] = 0
        try_shift(t, state, shard, slot, target, out)
        do_shift(t, state, shard, slot, target)
        if _is_no_worse(out):
            _add(state.cost, out)
            return 1
        if _makes_way(t, state, shard, target, near, out, scratch):
            return 2
        try_shift(t, state, shard, slot, node, scratch)
        do_shift(t, state, shard, slot, node)
    return 0


@kernel
def _makes_way(t: Tables, state: State, shard: int, node: int, near: Any, out: Any, scratch: Any) -> bool:
    """A replica that has come to the node goes back, if that makes up for what is in `out`."""
    change = np.zeros(len(out), dtype=np.int64)
    for other in range(state.place.shape[0]):
        if other == shard or _is_near(near, other, node):
            continue
        for slot in range(t.fixed[other], state.count[other]):
            if state.place[other, slot] != node:
                continue
            for at in range(near.shape[1]):
                target = near[other, at]
                if target < 0 or has(state, other, target):
                    continue
                change[:] = out
                try_shift(t, state, other, slot, target, change)
                if _is_no_worse(change):
                    do_shift(t, state, other, slot, target)
                    _add(state.cost, change)
                    return True
                undo_shift(t, state, other, slot, target, scratch)
    return False


@kernel
def _add(cost: Any, change: Any) -> None:
    for entry in range(len(cost)):
        cost[entry] += change[entry]


@kernel
def _is_near(near: Any, shard: int, node: int) -> bool:
    for at in range(near.shape[1]):
        if near[shard, at] == node:
            return True
    return False


@kernel
def _is_no_worse(change: Any) -> bool:
    """Level by level; the last entry is a guide only."""
    for entry in range(len(change) - 1):
        if change[entry] != 0:
            return bool(change[entry] < 0)
    return True
