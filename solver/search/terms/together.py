"""Governed shards stand only where all their targets stand."""

from __future__ import annotations

from shardwright.grammar.rules import Rule, Together
from shardwright.solver.search.build import Builder


def add(b: Builder, rule: Rule, kind: Together) -> None:
    b.company.append(rule)
