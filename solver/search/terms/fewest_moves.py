"""Settled replicas that leave."""

from __future__ import annotations

import numpy as np

from shardwright.grammar.rules import FewestMoves, Rule
from shardwright.solver.search.build import Builder


def add(b: Builder, rule: Rule, kind: FewestMoves) -> None:
    measure = b.problem.move_measures.get(rule.id)
    moved = np.int64(1) if measure is None else b.problem.measures[measure].weights
    b.gone[:, b.level(rule)] += b.price(rule) * moved * b.speaks(rule)[b.kind]
