"""What the replicas of one shard cost together."""

from __future__ import annotations

from typing import Any

from shardwright.solver.search.compiled import kernel
from shardwright.solver.search.tables import (
    COUNT,
    FAULT,
    FEW_VALUES,
    HEAP,
    MANY_VALUES,
    SKEW,
    Shape,
)


@kernel
def count_at(t: Shape, key: int, value: int, nodes: Any, count: int) -> int:
    """How many of the nodes carry the value."""
    same = 0
    for slot in range(count):
        if t.label[key, nodes[slot]] == value:
            same += 1
    return same


@kernel
def _first_at(t: Shape, key: int, nodes: Any, slot: int) -> bool:
    """Whether no earlier replica stands at the value of this one."""
    value = t.label[key, nodes[slot]]
    for other in range(slot):
        if t.label[key, nodes[other]] == value:
            return False
    return True


@kernel
def _distinct(t: Shape, key: int, nodes: Any, count: int) -> int:
    found = 0
    for slot in range(count):
        if t.label[key, nodes[slot]] >= 0 and _first_at(t, key, nodes, slot):
            found += 1
    return found


@kernel
def _most_at_once(t: Shape, key: int, nodes: Any, count: int) -> int:
    most = 0
    for slot in range(count):
        value = t.label[key, nodes[slot]]
        if value >= 0:
            most = max(most, count_at(t, key, value, nodes, count))
    return most


@kernel
def _least_eligible(t: Shape, row: int, nodes: Any, count: int) -> int:
    first, last = t.eligible_start[row], t.eligible_start[row + 1]
    if first == last:
        return 0
    least = count
    for at in range(first, last):
        least = min(least, count_at(t, t.key[row], t.eligible[at], nodes, count))
    return least


@kernel
def _single_amount(t: Shape, row: int, nodes: Any, count: int) -> int:
    """The amount of a row that has one What for each shard."""
    op, amount = t.op[row], t.amount[row]
    if op == FEW_VALUES:
        return max(0, amount - _distinct(t, t.key[row], nodes, count))
    if op == MANY_VALUES:
        return max(0, _distinct(t, t.key[row], nodes, count) - amount)
    if op == SKEW:
        most = _most_at_once(t, t.key[row], nodes, count)
        return max(0, most - _least_eligible(t, row, nodes, count) - amount)
    present = count if op == COUNT else count_at(t, t.key[row], t.value[row], nodes, count)
    return max(0, amount - present) + max(0, present - t.most[row])


@kernel
def _add_heaps(
    t: Shape, row: int, nodes: Any, count: int, home: Any, homes: int, sign: int, out: Any
) -> None:
    """A row with one What for each value: replicas beyond the greatest number at one value."""
    key, amount = t.key[row], t.amount[row]
    for slot in range(count):
        value = t.label[key, nodes[slot]]
        if value < 0 or not _first_at(t, key, nodes, slot):
            continue
        over = max(0, count_at(t, key, value, nodes, count) - amount)
        if over == 0:
            continue
        out[t.level[row]] += sign * t.price[row] * over
        if t.fault[row] != 0:
            if t.no_worse[row]:
                over -= max(0, count_at(t, key, value, home, homes) - amount)
            out[FAULT] += sign * t.fault[row] * max(0, over)


@kernel
def add_shape(t: Shape, kind: int, nodes: Any, count: int, home: Any, sign: int, out: Any) -> None:
    """What replicas on `nodes[:count]` of a shard of a kind add; `home` are its settled nodes."""
    homes = 0
    while homes < len(home) and home[homes] >= 0:
        homes += 1
    for row in range(t.start[kind], t.start[kind + 1]):
        if t.op[row] == HEAP:
            _add_heaps(t, row, nodes, count, home, homes, sign, out)
            continue
        amount = _single_amount(t, row, nodes, count)
        if amount == 0:
            continue
        out[t.level[row]] += sign * t.price[row] * amount
        if t.fault[row] != 0:
            if t.no_worse[row]:
                amount -= _single_amount(t, row, home, homes)
            out[FAULT] += sign * t.fault[row] * max(0, amount)


@kernel
def add_plain_shift(t: Shape, kind: int, nodes: Any, count: int, slot: int, target: int, out: Any) -> None:
    """The change when one replica of a plain kind moves to another node."""
    for row in range(t.start[kind], t.start[kind + 1]):
        if t.op[row] != HEAP:
            continue
        key = t.key[row]
        old, new = t.label[key, nodes[slot]], t.label[key, target]
        if old == new:
            continue
        change = 0
        if old >= 0 and count_at(t, key, old, nodes, count) > t.amount[row]:
            change -= 1
        if new >= 0 and count_at(t, key, new, nodes, count) >= t.amount[row]:
            change += 1
        out[t.level[row]] += t.price[row] * change
        out[FAULT] += t.fault[row] * change
