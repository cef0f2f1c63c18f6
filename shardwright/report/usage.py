"""What every node carries before and after: the snapshot's own placement against the answer's."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from shardwright.cluster.cluster import Cluster, IntArray
from shardwright.solver.result import Placement

Loads = NDArray[np.float64]


@dataclass(frozen=True)
class Usage:
    """`load` and `was` have shape (nodes, resources); `replicas` and `had` one number for each node."""

    load: Loads
    was: Loads
    replicas: NDArray[np.int64]
    had: NDArray[np.int64]


def usage(cluster: Cluster, placement: Placement) -> Usage:
    """Loads and replicas of every node, in the order of `cluster.nodes`."""
    shards, nodes = _rows(cluster, placement)
    settled = cluster.settled
    return Usage(
        load=_loads(cluster, shards, nodes),
        was=_loads(cluster, settled.shard, settled.node),
        replicas=np.bincount(nodes, minlength=len(cluster.nodes.ids)),
        had=np.bincount(settled.node, minlength=len(cluster.nodes.ids)),
    )


def _rows(cluster: Cluster, placement: Placement) -> tuple[IntArray, IntArray]:
    """The placement's replicas as row numbers; names that the cluster does not know are left out."""
    shard_row = {shard: row for row, shard in enumerate(cluster.shards.ids)}
    node_row = {node: row for row, node in enumerate(cluster.nodes.ids)}
    pairs = [
        (shard_row[shard], node_row[replica["node"]])
        for shard, replicas in placement.items()
        for replica in replicas
        if shard in shard_row and replica["node"] in node_row
    ]
    table = np.array(pairs, dtype=np.int32).reshape(-1, 2)
    return table[:, 0], table[:, 1]


def _loads(cluster: Cluster, shards: IntArray, nodes: IntArray) -> Loads:
    size = len(cluster.nodes.ids)
    columns = [
        np.bincount(nodes, weights=cluster.shards.load[shards, resource], minlength=size)
        for resource in range(len(cluster.resources))
    ]
    return np.array(columns, dtype=np.float64).reshape(len(columns), size).T


def shares(loads: Loads, capacity: Loads) -> Loads:
    """Loads over capacities; NaN where there is no capacity to compare with."""
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(capacity > 0, loads / capacity, np.nan)
