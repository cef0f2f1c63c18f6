"""A cluster under watch: one answer after another, each from what is known of the one before."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from shardwright.cluster.cluster import Cluster, TextColumn


def with_states(cluster: Cluster, states: Mapping[str, str]) -> Cluster:
    """The cluster with some nodes in other states."""
    told = [cluster.nodes.state.values[code] for code in cluster.nodes.state.codes.tolist()]
    row_of = {name: row for row, name in enumerate(cluster.nodes.ids)}
    for node, state in states.items():
        told[row_of[node]] = state
    values = tuple(sorted(set(told)))
    codes = np.array([values.index(state) for state in told], dtype=np.int32)
    return replace(cluster, nodes=replace(cluster.nodes, state=TextColumn(codes, values)))
