"""One module for each kind of the vocabulary, under its name: `add(builder, rule, kind)` adds its term."""

from __future__ import annotations

from importlib import import_module

from shardwright.grammar.rules import Rule
from shardwright.solver.search.build import Builder


def add_term(builder: Builder, rule: Rule) -> None:
    """Add what a rule costs to the arrays."""
    import_module(f"{__name__}.{rule.kind.name}").add(builder, rule, rule.kind)
