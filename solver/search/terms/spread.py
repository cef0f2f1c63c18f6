"""How the replicas of a shard stand on the values of a label."""

from __future__ import annotations

import numpy as np

from shardwright.grammar.rules import Allow, Rule, Spread
from shardwright.solver.search.build import Builder, ShapeRow
from shardwright.solver.search.tables import FEW_VALUES, HEAP, MANY_VALUES, SKEW

OPS = {"max": HEAP, "min_values": FEW_VALUES, "max_values": MANY_VALUES, "max_skew": SKEW}


def add(b: Builder, rule: Rule, kind: Spread) -> None:
    op, key = OPS[kind.limit], b.key(kind.by)
    for at in np.flatnonzero(b.speaks(rule)).tolist():
        eligible = _eligible(b, at, key) if op == SKEW else ()
        b.row(at, ShapeRow(op, rule, kind.amount, key, eligible=eligible))


def _eligible(b: Builder, kind: int, key: int) -> tuple[int, ...]:
    """Values on active nodes that no rule for all replicas forbids; if there is none, on all active nodes."""
    active = ~b.in_state("down", "draining", "maintenance")
    barred = np.zeros(len(active), dtype=bool)
    for rule in b.problem.rules:
        if isinstance(rule.kind, Allow) and not rule.kind.arrivals and b.speaks(rule)[kind]:
            barred |= ~b.admits(rule)[kind]
    values = _values(b, key, active & ~barred)
    return values or _values(b, key, active)


def _values(b: Builder, key: int, node_kinds: np.ndarray[tuple[int], np.dtype[np.bool_]]) -> tuple[int, ...]:
    found = np.unique(b.label[key][node_kinds[b.node_kind]])
    return tuple(found[found >= 0].tolist())
