"""What nodes cost: in use, or for each replica."""

from __future__ import annotations

from shardwright.grammar.rules import Cost, Rule
from shardwright.solver.search.build import Builder


def add(b: Builder, rule: Rule, kind: Cost) -> None:
    price = b.problem.quantities.price
    if kind.per_replica:
        admitted = b.speaks(rule)[:, None] & b.admits(rule)
        b.resting(rule, admitted * price[b.node_kind_rows])
    else:
        b.in_use(rule, price)
