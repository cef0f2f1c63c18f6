"""A cluster with other nodes under the same shards."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from shardwright.cluster.cluster import Cluster
from shardwright.cluster.document import to_document
from shardwright.cluster.load import cluster_from
from shardwright.cluster.subset import only_shards

Json = dict[str, Any]


def nodes_of(cluster: Cluster) -> list[Json]:
    """The nodes as a snapshot document gives them, in the order of its own list."""
    found: list[Json] = to_document(_bare(cluster))["nodes"]
    if cluster.node_places:
        rows = dict(zip(cluster.node_places, found, strict=True))
        found = [rows[at] for at in sorted(rows)]
    return found


def with_nodes(cluster: Cluster, nodes: Sequence[Json]) -> Cluster:
    """The shards stay as they are, so every node that holds one must still be there.

    Raises DiagnosticError where the nodes are faulty, ValueError where one that holds replicas is missing.
    The hash is that of the nodes alone.
    """
    bare = cluster_from(to_document(_bare(cluster)) | {"nodes": list(nodes)})
    row = {name: at for at, name in enumerate(bare.nodes.ids)}
    number = np.array([row.get(name, -1) for name in cluster.nodes.ids], dtype=np.int32)
    settled = replace(cluster.settled, node=number[cluster.settled.node])
    if (settled.node < 0).any():
        raise ValueError("a node that holds replicas is missing")
    if (np.diff(number) < 0).any():
        order = np.lexsort((settled.role, settled.node, settled.shard))
        settled = replace(
            settled, shard=settled.shard[order], node=settled.node[order], role=settled.role[order]
        )
    return replace(
        bare,
        shards=cluster.shards,
        settled=settled,
        shard_places=cluster.shard_places,
        taken_at=cluster.taken_at,
    )


def _bare(cluster: Cluster) -> Cluster:
    return only_shards(cluster, np.zeros(0, dtype=np.int32))
