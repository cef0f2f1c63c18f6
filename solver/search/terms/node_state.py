"""A replica on a node that is down, or one that arrives on a closed one."""

from __future__ import annotations

import numpy as np

from shardwright.grammar.rules import NodeState, Rule
from shardwright.solver.search.build import Builder


def add(b: Builder, rule: Rule, kind: NodeState) -> None:
    shape = (len(b.kind_class), len(b.node_kind_class))
    b.resting(rule, np.broadcast_to(b.in_state("down"), shape))
    b.arriving(rule, np.broadcast_to(b.in_state("draining", "maintenance"), shape))
