"""A replica on the admitted nodes."""

from __future__ import annotations

from shardwright.grammar.rules import Leave, Rule
from shardwright.solver.search.build import Builder


def add(b: Builder, rule: Rule, kind: Leave) -> None:
    b.resting(rule, b.speaks(rule)[:, None] & b.admits(rule))
