"""Nodes that cost something as soon as they hold a governed replica."""

from __future__ import annotations

from typing import Any

from shardwright.solver.search.compiled import kernel
from shardwright.solver.search.tables import Use


@kernel
def add_use(t: Use, used: Any, kind: int, node: int, sign: int, out: Any) -> None:
    """A replica of a shard kind comes to a node (1) or goes (-1); counters change."""
    for rule in range(len(t.level)):
        if not t.governs[rule, kind]:
            continue
        before = used[rule, node]
        used[rule, node] += sign
        if before == 0:
            out[t.level[rule]] += t.price[rule, node]
        elif before + sign == 0:
            out[t.level[rule]] -= t.price[rule, node]
