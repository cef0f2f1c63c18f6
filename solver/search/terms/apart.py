"""Governed shards share no value with their targets."""

from __future__ import annotations

from shardwright.grammar.rules import Apart, Rule
from shardwright.solver.search.build import Builder


def add(b: Builder, rule: Rule, kind: Apart) -> None:
    b.company.append(rule)
