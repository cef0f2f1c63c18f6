"""The distance between a shard's home and its replicas."""

from __future__ import annotations

import numpy as np

from shardwright.grammar.rules import Nearness, Rule
from shardwright.solver.facts import distances, homes
from shardwright.solver.search.build import Builder


def add(b: Builder, rule: Rule, kind: Nearness) -> None:
    home = homes(b.problem, kind)
    of = home.codes[b.kind_rows]
    nowhere = len(home.values)
    far = distances(b.problem, kind)[np.where(of >= 0, of, nowhere)][:, b.node_kind_rows]
    b.resting(rule, far * b.speaks(rule)[:, None])
