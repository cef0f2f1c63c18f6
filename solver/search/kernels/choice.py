"""Random choices: which replica to move, and where to; and whether a change is taken."""

from __future__ import annotations

from typing import Any

import numpy as np

from shardwright.solver.search.compiled import kernel
from shardwright.solver.search.kernels.alone import is_home
from shardwright.solver.search.kernels.company import gathering_node
from shardwright.solver.search.kernels.meters import add_cell, site_count
from shardwright.solver.search.kernels.moves import has
from shardwright.solver.search.tables import COMES, Meters, State, Tables

ANYWHERE = 0.05  # how often a target is drawn from all nodes
GO_HOME = 0.3  # how often a replica that is away from home tries to go back
GATHER = 0.3  # how often a replica looks for the company that it must keep
STEEP = 3.0  # how steeply targets are drawn from the nodes with the most room
UNUSED = 1e6  # what an empty node's room counts less, where nodes in use cost something
TRIES = 4  # draws until a node is found that does not hold the shard


@kernel
def seed(number: int) -> None:
    """Numba has a random state of its own."""
    np.random.seed(number)


@kernel
def score(weight: Any, change: Any) -> float:
    """A change of costs as one number."""
    total = 0.0
    for entry in range(len(weight)):
        total += weight[entry] * change[entry]
    return total


@kernel
def is_taken(weight: Any, change: Any, heat: float) -> bool:
    """Whether a change is taken: at a heat by chance, else unless the first level that changes gets worse."""
    if heat > 0.0:
        total = score(weight, change)
        return total <= 0.0 or np.random.random() < np.exp(-total / heat)
    for entry in range(len(change) - 1):
        if change[entry] != 0:
            return bool(change[entry] < 0)
    return bool(change[len(change) - 1] <= 0)


@kernel
def pressure_of(t: Meters, load: Any, node: int, weight: Any, scratch: Any) -> float:
    """What the broken limits of a node's sites cost."""
    scratch[:] = 0
    sites = site_count(t)
    for measure in range(t.weight.shape[1]):
        for at in range(t.sites.shape[1]):
            site = t.sites[node, at]
            if site >= 0:
                add_cell(t, measure * sites + site, load[measure * sites + site], COMES, scratch)
    return score(weight, scratch)


@kernel
def room_of(t: Meters, load: Any, node: int) -> float:
    """What is free under the tightest limit of a node's sites, as a share of it."""
    sites, room = site_count(t), np.inf
    for measure in range(t.weight.shape[1]):
        for at in range(t.sites.shape[1]):
            site = t.sites[node, at]
            if site >= 0:
                cell = measure * sites + site
                for row in range(t.start[cell], t.start[cell + 1]):
                    room = min(room, (t.limit[row] - load[cell]) / max(1.0, float(t.limit[row])))
    return room


@kernel
def is_in_use(state: State, node: int) -> bool:
    """Whether a replica that some rule about nodes in use governs is on the node."""
    for rule in range(state.used.shape[0]):
        if state.used[rule, node] > 0:
            return True
    return False


@kernel
def roomy_nodes(t: Tables, state: State) -> Any:
    """All nodes, those with the most room first; none where nothing is limited.

    Where nodes in use cost something, the others come last.
    """
    nodes = len(t.alone.node_kind)
    room = np.empty(nodes)
    for node in range(nodes):
        room[node] = room_of(t.meters, state.load, node)
        if len(t.use.level) > 0 and not is_in_use(state, node):
            room[node] -= UNUSED
    if nodes == 0 or np.isinf(room.max()):
        return np.empty(0, dtype=np.int64)
    return np.argsort(-room)


@kernel
def target_for(t: Tables, state: State, shard: int, node: int, roomy: Any, roomward: float) -> int:
    """Where a replica could go (from `node`, -1 if it is new); -1 if none was found."""
    homes = t.alone.home
    if np.random.random() < GO_HOME and (node < 0 or not is_home(t.alone, shard, node)):
        home = homes[shard, np.random.randint(homes.shape[1])]
        if home >= 0 and not has(state, shard, home):
            return int(home)
    if len(t.company.key) > 0 and np.random.random() < GATHER:
        found = gathering_node(t.company, t.shape, state, shard)
        if found >= 0 and not has(state, shard, found):
            return found
    if len(roomy) > 0 and np.random.random() < roomward:
        found = roomy[int(len(roomy) * np.random.random() ** STEEP)]
        return -1 if has(state, shard, found) else int(found)
    kind = t.alone.kind[shard]
    first, last = t.open_start[kind], t.open_start[kind + 1]
    for _ in range(TRIES):
        if last == first or np.random.random() < ANYWHERE:
            found = np.random.randint(len(t.alone.node_kind))
        else:
            found = int(t.open[np.random.randint(first, last)])
        if not has(state, shard, found):
            return int(found)
    return -1
