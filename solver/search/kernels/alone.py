"""What single replicas cost where they are."""

from __future__ import annotations

from typing import Any

from shardwright.solver.search.compiled import kernel
from shardwright.solver.search.tables import Alone


@kernel
def is_home(t: Alone, shard: int, node: int) -> bool:
    for at in range(t.home.shape[1]):
        if t.home[shard, at] == node:
            return True
    return False


@kernel
def add_alone(t: Alone, shard: int, node: int, sign: int, out: Any) -> None:
    """What a replica on a node adds; one at home also saves what its leaving would cost."""
    kind, node_kind = t.kind[shard], t.node_kind[node]
    home = is_home(t, shard, node)
    for entry in range(len(out)):
        cost = t.rest[kind, node_kind, entry]
        if home:
            cost -= t.left[kind, node_kind, entry] + t.gone[shard, entry]
        else:
            cost += t.arrive[kind, node_kind, entry]
        out[entry] += sign * cost


@kernel
def add_all_gone(t: Alone, shard: int, out: Any) -> None:
    """What it costs that all settled replicas of a shard leave."""
    kind = t.kind[shard]
    for at in range(t.home.shape[1]):
        if t.home[shard, at] >= 0:
            for entry in range(len(out)):
                out[entry] += t.left[kind, t.node_kind[t.home[shard, at]], entry] + t.gone[shard, entry]
