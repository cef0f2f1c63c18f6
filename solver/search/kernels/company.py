"""Apart and together: who stands where with whom.

A shard stands at a value when some replica of it does. Cells count the standing shards of one rule, bucket
and value by sort, so a cell's amount can be read off its counts.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from shardwright.solver.search.compiled import kernel
from shardwright.solver.search.tables import COMES, FAULT, GOES, NONE, Alone, Company, Shape, State


@kernel
def _apart_breaks(t: Company, aim: Any, rule: int, first: int, sort: int) -> bool:
    """Whether a governed shard of the sort shares the value with a target that it minds."""
    if not t.by_trait[rule]:
        return bool(aim[first + 1] >= (2 if sort == 1 else 1))
    for other in range(t.sorts[rule]):
        if other != sort and aim[first + other] > 0:
            return True
    return False


@kernel
def _together_breaks(t: Company, aim: Any, rule: int, bucket: int, first: int, sort: int) -> bool:
    """Whether some target that a governed shard of the sort minds is not at the value."""
    sizes = t.size_base[rule] + bucket * t.sorts[rule]
    if not t.by_trait[rule]:
        return bool(aim[first + 1] < t.size[sizes + 1])
    for other in range(t.sorts[rule]):
        if other != sort and aim[first + other] < t.size[sizes + other]:
            return True
    return False


@kernel
def breaks(t: Company, aim: Any, rule: int, bucket: int, first: int, sort: int) -> bool:
    """Whether governed shards of the sort break the rule in the cell that starts at `first`."""
    if t.together[rule]:
        return _together_breaks(t, aim, rule, bucket, first, sort)
    return _apart_breaks(t, aim, rule, first, sort)


@kernel
def add_cell(t: Company, state: State, rule: int, bucket: int, first: int, sign: int, out: Any) -> None:
    """What a cell costs."""
    amount, untolerated = 0, 0
    for sort in range(t.sorts[rule]):
        standing = state.stand[first + sort, 0] + state.stand[first + sort, 1]
        if standing > 0 and breaks(t, state.aim, rule, bucket, first, sort):
            amount += standing
            untolerated += state.stand[first + sort, 0]
    if t.together[rule]:
        out[len(out) - 1] += sign * _scattered(t, state, rule, bucket, first)
    out[t.level[rule]] += sign * t.price[rule] * amount
    out[FAULT] += sign * t.fault[rule] * (untolerated if t.no_worse[rule] else amount)


@kernel
def _scattered(t: Company, state: State, rule: int, bucket: int, first: int) -> int:
    """A guide: who stands in a cell, times the targets that do not. It falls as a company gathers."""
    standing, missing = 0, 0
    sizes = t.size_base[rule] + bucket * t.sorts[rule]
    for sort in range(t.sorts[rule]):
        standing += state.stand[first + sort, 0] + state.stand[first + sort, 1]
        missing += t.size[sizes + sort] - state.aim[first + sort]
    return standing * missing


@kernel
def gathering_node(t: Company, shape: Shape, state: State, shard: int) -> int:
    """A node where company is that the shard must keep, the more of it the more likely; -1 for none."""
    rules = len(t.key)
    begin = np.random.randint(rules)
    for step in range(rules):
        rule = (begin + step) % rules
        bucket = t.bucket[rule, shard]
        if not t.together[rule] or bucket < 0:
            continue
        value = _crowded_value(t, state, rule, bucket)
        if value >= 0:
            return node_at(shape, t.key[rule], value)
    return -1


@kernel
def _crowded_value(t: Company, state: State, rule: int, bucket: int) -> int:
    """A value at which targets stand, by their number."""
    sorts, total = t.sorts[rule], 0
    first = cell_of(t, rule, bucket, 0)
    for entry in range(t.values[rule] * sorts):
        total += state.aim[first + entry]
    if total == 0:
        return -1
    left = np.random.randint(total)
    for entry in range(t.values[rule] * sorts):
        left -= state.aim[first + entry]
        if left < 0:
            return int(entry // sorts)
    return -1


@kernel
def node_at(shape: Shape, key: int, value: int) -> int:
    """A random node with a label value that some node has."""
    first, last = shape.label_start[key, value], shape.label_start[key, value + 1]
    return int(shape.by_label[key, np.random.randint(first, last)])


@kernel
def cell_of(t: Company, rule: int, bucket: int, value: int) -> int:
    return int(t.base[rule] + (bucket * t.values[rule] + value) * t.sorts[rule])


@kernel
def is_tolerated(t: Company, alone: Alone, shape: Shape, rule: int, shard: int, value: int) -> int:
    """1 if the shard's place at the value is broken today already."""
    for at in range(alone.home.shape[1]):
        node = alone.home[shard, at]
        if node >= 0 and t.tolerated[rule, shard, at] and shape.label[t.key[rule], node] == value:
            return 1
    return 0


@kernel
def _step(
    t: Company,
    alone: Alone,
    shape: Shape,
    state: State,
    rule: int,
    shard: int,
    value: int,
    sign: int,
    out: Any,
) -> None:
    """A shard comes to stand at a value (1), or no longer stands there (-1)."""
    bucket, sort = t.bucket[rule, shard], t.sort[rule, shard]
    first = cell_of(t, rule, bucket, value)
    add_cell(t, state, rule, bucket, first, GOES, out)
    if t.aimed[rule, shard]:
        state.aim[first + sort] += sign
    if t.governed[rule, shard]:
        tolerated = is_tolerated(t, alone, shape, rule, shard, value) if t.no_worse[rule] else 0
        state.stand[first + sort, tolerated] += sign
    add_cell(t, state, rule, bucket, first, COMES, out)


@kernel
def _stands_else(shape: Shape, state: State, key: int, shard: int, slot: int, value: int) -> bool:
    """Whether another replica than that of the slot stands at the value."""
    for other in range(state.count[shard]):
        if other != slot and shape.label[key, state.place[shard, other]] == value:
            return True
    return False


@kernel
def step(
    t: Company,
    alone: Alone,
    shape: Shape,
    state: State,
    shard: int,
    slot: int,
    node: int,
    other: int,
    out: Any,
) -> None:
    """The replica of a slot goes from `node` to `other` (-1: nowhere); counters change, `place` does not."""
    for rule in range(len(t.key)):
        if t.bucket[rule, shard] < 0:
            continue
        key = t.key[rule]
        old = shape.label[key, node] if node >= 0 else NONE
        new = shape.label[key, other] if other >= 0 else NONE
        if old == new:
            continue
        if old >= 0 and not _stands_else(shape, state, key, shard, slot, old):
            _step(t, alone, shape, state, rule, shard, old, GOES, out)
        if new >= 0 and not _stands_else(shape, state, key, shard, slot, new):
            _step(t, alone, shape, state, rule, shard, new, COMES, out)
