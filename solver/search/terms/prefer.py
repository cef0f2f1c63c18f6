"""A replica off the preferred nodes, or on those to be avoided."""

from __future__ import annotations

from shardwright.grammar.rules import Prefer, Rule
from shardwright.solver.search.build import Builder


def add(b: Builder, rule: Rule, kind: Prefer) -> None:
    admitted = b.admits(rule)
    charged = admitted if kind.weight < 0 else ~admitted
    b.resting(rule, abs(kind.weight) * (b.speaks(rule)[:, None] & charged))
