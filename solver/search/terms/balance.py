"""Uneven load."""

from __future__ import annotations

from shardwright.grammar.rules import Balance, Rule
from shardwright.solver.search.build import Builder


def add(b: Builder, rule: Rule, kind: Balance) -> None:
    b.meters += b.meters_of(rule)
