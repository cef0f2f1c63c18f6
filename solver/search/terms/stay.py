"""A settled replica that leaves a node which is not down."""

from __future__ import annotations

from shardwright.grammar.rules import Rule, Stay
from shardwright.solver.search.build import Builder


def add(b: Builder, rule: Rule, kind: Stay) -> None:
    b.leaving(rule, b.speaks(rule)[:, None] & b.admits(rule) & ~b.in_state("down"))
