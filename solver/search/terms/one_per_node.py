"""A node holds a shard once: no move of the kernels breaks it, so there is nothing to add."""

from __future__ import annotations

from shardwright.grammar.rules import OnePerNode, Rule
from shardwright.solver.search.build import Builder


def add(b: Builder, rule: Rule, kind: OnePerNode) -> None:
    """Moves never name a node twice for a shard."""
