"""Nodes that hold a governed replica."""

from __future__ import annotations

import numpy as np

from shardwright.grammar.rules import Pack, Rule
from shardwright.solver.search.build import Builder


def add(b: Builder, rule: Rule, kind: Pack) -> None:
    b.in_use(rule, np.ones(len(b.node_kind), dtype=np.int64))
