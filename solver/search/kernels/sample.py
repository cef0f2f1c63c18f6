"""How much random moves change each entry of a cost vector."""

from __future__ import annotations

from typing import Any

import numpy as np

from shardwright.solver.search.compiled import kernel
from shardwright.solver.search.kernels.choice import roomy_nodes, target_for
from shardwright.solver.search.kernels.moves import try_add, try_shift, undo_add, undo_shift
from shardwright.solver.search.tables import NONE, State, Tables


@kernel
def usual_changes(t: Tables, state: State, draws: int) -> Any:
    """The mean size of the changes, where there are any."""
    entries = len(state.cost)
    total, times = np.zeros(entries), np.zeros(entries)
    out, scratch = np.zeros(entries, dtype=np.int64), np.zeros(entries, dtype=np.int64)
    roomy = roomy_nodes(t, state)
    for _ in range(draws if state.place.shape[0] > 0 else 0):
        shard = np.random.randint(state.place.shape[0])
        out[:] = 0
        count = state.count[shard]
        if count < t.floor[shard]:
            target = target_for(t, state, shard, NONE, roomy, 0.0)
            if target < 0:
                continue
            try_add(t, state, shard, target, out)
            undo_add(t, state, shard, target, scratch)
        elif count > 0:
            slot = np.random.randint(count)
            target = target_for(t, state, shard, state.place[shard, slot], roomy, 0.0)
            if target < 0:
                continue
            try_shift(t, state, shard, slot, target, out)
            undo_shift(t, state, shard, slot, target, scratch)
        for entry in range(entries):
            if out[entry] != 0:
                total[entry] += abs(out[entry])
                times[entry] += 1.0
    return total / np.maximum(times, 1.0)
