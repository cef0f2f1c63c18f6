"""What a move changes, and doing it: shift, swap, add and drop of replicas.

`try_...` adds the change to `out` and leaves counters (not places, not loads) as if it were done; then it is
either done (`do_...`) or taken back (`undo_...`).
"""

from __future__ import annotations

from typing import Any

from shardwright.solver.search.compiled import kernel
from shardwright.solver.search.kernels.alone import add_all_gone, add_alone
from shardwright.solver.search.kernels.company import step
from shardwright.solver.search.kernels.meters import add_cell, add_exchange, add_presence, carry
from shardwright.solver.search.kernels.shape import add_plain_shift, add_shape
from shardwright.solver.search.kernels.use import add_use
from shardwright.solver.search.tables import COMES, GOES, NONE, State, Tables


@kernel
def has(state: State, shard: int, node: int) -> bool:
    """Whether the shard has a replica on the node."""
    for slot in range(state.count[shard]):
        if state.place[shard, slot] == node:
            return True
    return False


@kernel
def _add_shape_shift(t: Tables, state: State, shard: int, slot: int, target: int, out: Any) -> None:
    kind, count, nodes = t.alone.kind[shard], state.count[shard], state.place[shard]
    if t.shape.plain[kind]:
        add_plain_shift(t.shape, kind, nodes, count, slot, target, out)
        return
    home = t.alone.home[shard]
    add_shape(t.shape, kind, nodes, count, home, GOES, out)
    node = nodes[slot]
    nodes[slot] = target
    add_shape(t.shape, kind, nodes, count, home, COMES, out)
    nodes[slot] = node


@kernel
def _try_apart_from_meters(t: Tables, state: State, shard: int, slot: int, target: int, out: Any) -> None:
    node = state.place[shard, slot]
    add_alone(t.alone, shard, node, GOES, out)
    add_alone(t.alone, shard, target, COMES, out)
    _add_shape_shift(t, state, shard, slot, target, out)
    if len(t.company.key) > 0:
        step(t.company, t.alone, t.shape, state, shard, slot, node, target, out)
    if len(t.use.level) > 0:
        add_use(t.use, state.used, t.alone.kind[shard], node, GOES, out)
        add_use(t.use, state.used, t.alone.kind[shard], target, COMES, out)


@kernel
def try_shift(t: Tables, state: State, shard: int, slot: int, target: int, out: Any) -> None:
    """The replica of a slot goes to another node."""
    _try_apart_from_meters(t, state, shard, slot, target, out)
    add_exchange(t.meters, state.load, shard, NONE, state.place[shard, slot], target, out)


@kernel
def undo_shift(t: Tables, state: State, shard: int, slot: int, target: int, scratch: Any) -> None:
    """Take back the counters of a shift that was only tried."""
    node = state.place[shard, slot]
    if len(t.company.key) > 0:
        step(t.company, t.alone, t.shape, state, shard, slot, target, node, scratch)
    if len(t.use.level) > 0:
        add_use(t.use, state.used, t.alone.kind[shard], target, GOES, scratch)
        add_use(t.use, state.used, t.alone.kind[shard], node, COMES, scratch)


@kernel
def do_shift(t: Tables, state: State, shard: int, slot: int, target: int) -> None:
    """Finish a shift that was tried."""
    carry(t.meters, state.load, shard, state.place[shard, slot], GOES)
    carry(t.meters, state.load, shard, target, COMES)
    state.place[shard, slot] = target


@kernel
def try_swap(t: Tables, state: State, one: int, slot: int, two: int, other: int, out: Any) -> None:
    """Two replicas of different shards change places."""
    here, there = state.place[one, slot], state.place[two, other]
    _try_apart_from_meters(t, state, one, slot, there, out)
    _try_apart_from_meters(t, state, two, other, here, out)
    add_exchange(t.meters, state.load, one, two, here, there, out)


@kernel
def undo_swap(t: Tables, state: State, one: int, slot: int, two: int, other: int, scratch: Any) -> None:
    here, there = state.place[one, slot], state.place[two, other]
    undo_shift(t, state, two, other, here, scratch)
    undo_shift(t, state, one, slot, there, scratch)


@kernel
def do_swap(t: Tables, state: State, one: int, slot: int, two: int, other: int) -> None:
    here, there = state.place[one, slot], state.place[two, other]
    do_shift(t, state, one, slot, there)
    do_shift(t, state, two, other, here)


@kernel
def try_add(t: Tables, state: State, shard: int, target: int, out: Any) -> None:
    """The shard gets one more replica."""
    kind, count, nodes, home = (
        t.alone.kind[shard],
        state.count[shard],
        state.place[shard],
        t.alone.home[shard],
    )
    add_alone(t.alone, shard, target, COMES, out)
    add_shape(t.shape, kind, nodes, count, home, GOES, out)
    nodes[count] = target
    add_shape(t.shape, kind, nodes, count + 1, home, COMES, out)
    nodes[count] = -1
    step(t.company, t.alone, t.shape, state, shard, NONE, NONE, target, out)
    add_use(t.use, state.used, kind, target, COMES, out)
    add_presence(t.meters, state.load, shard, target, COMES, out)


@kernel
def undo_add(t: Tables, state: State, shard: int, target: int, scratch: Any) -> None:
    step(t.company, t.alone, t.shape, state, shard, NONE, target, NONE, scratch)
    add_use(t.use, state.used, t.alone.kind[shard], target, GOES, scratch)


@kernel
def do_add(t: Tables, state: State, shard: int, target: int) -> None:
    carry(t.meters, state.load, shard, target, COMES)
    state.place[shard, state.count[shard]] = target
    state.count[shard] += 1


@kernel
def try_drop(t: Tables, state: State, shard: int, slot: int, out: Any) -> None:
    """The shard loses the replica of its last slot, after that of `slot` has been put there."""
    kind, count, nodes, home = (
        t.alone.kind[shard],
        state.count[shard],
        state.place[shard],
        t.alone.home[shard],
    )
    nodes[slot], nodes[count - 1] = nodes[count - 1], nodes[slot]
    node = nodes[count - 1]
    add_alone(t.alone, shard, node, GOES, out)
    add_shape(t.shape, kind, nodes, count, home, GOES, out)
    add_shape(t.shape, kind, nodes, count - 1, home, COMES, out)
    step(t.company, t.alone, t.shape, state, shard, count - 1, node, NONE, out)
    add_use(t.use, state.used, kind, node, GOES, out)
    add_presence(t.meters, state.load, shard, node, GOES, out)


@kernel
def undo_drop(t: Tables, state: State, shard: int, scratch: Any) -> None:
    last = state.count[shard] - 1
    node = state.place[shard, last]
    step(t.company, t.alone, t.shape, state, shard, last, NONE, node, scratch)
    add_use(t.use, state.used, t.alone.kind[shard], node, COMES, scratch)


@kernel
def do_drop(t: Tables, state: State, shard: int) -> None:
    last = state.count[shard] - 1
    carry(t.meters, state.load, shard, state.place[shard, last], GOES)
    state.place[shard, last] = -1
    state.count[shard] = last


@kernel
def settle(t: Tables, state: State) -> None:
    """Count the costs of a placement, and all that they are made of, from `place` and `count` alone."""
    state.load[:] = 0
    state.aim[:] = 0
    state.stand[:] = 0
    state.used[:] = 0
    state.cost[:] = 0
    for shard in range(state.place.shape[0]):
        count, kind = state.count[shard], t.alone.kind[shard]
        add_all_gone(t.alone, shard, state.cost)
        add_shape(t.shape, kind, state.place[shard], count, t.alone.home[shard], COMES, state.cost)
        state.count[shard] = 0
        for slot in range(count):
            node = state.place[shard, slot]
            add_alone(t.alone, shard, node, COMES, state.cost)
            step(t.company, t.alone, t.shape, state, shard, NONE, NONE, node, state.cost)
            add_use(t.use, state.used, kind, node, COMES, state.cost)
            carry(t.meters, state.load, shard, node, COMES)
            state.count[shard] = slot + 1
    for cell in range(len(state.load)):
        add_cell(t.meters, cell, state.load[cell], COMES, state.cost)
