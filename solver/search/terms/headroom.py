"""Too little free beside what is free of another resource."""

from __future__ import annotations

from shardwright.grammar.rules import Headroom, Rule
from shardwright.solver.search.build import Builder


def add(b: Builder, rule: Rule, kind: Headroom) -> None:
    b.meters += b.meters_of(rule)
