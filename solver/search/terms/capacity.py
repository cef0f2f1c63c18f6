"""Load beyond a limit."""

from __future__ import annotations

from shardwright.grammar.rules import Capacity, Rule
from shardwright.solver.search.build import Builder


def add(b: Builder, rule: Rule, kind: Capacity) -> None:
    b.meters += b.meters_of(rule)
