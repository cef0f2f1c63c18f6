"""A replica off the admitted nodes."""

from __future__ import annotations

from shardwright.grammar.rules import Allow, Rule
from shardwright.solver.search.build import Builder


def add(b: Builder, rule: Rule, kind: Allow) -> None:
    forbidden = b.speaks(rule)[:, None] & ~b.admits(rule)
    (b.arriving if kind.arrivals else b.resting)(rule, forbidden)
