"""A cluster with some of its shards only."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from shardwright.cluster.cluster import Cluster, IntArray, Settled, Shards, TextColumn


def only_shards(cluster: Cluster, rows: IntArray) -> Cluster:
    """The same nodes, the shards of some rows (in their order) and the settled replicas of these."""
    return replace(
        cluster, shards=_shards(cluster.shards, rows), settled=_settled(cluster, rows), shard_places=()
    )


def _shards(shards: Shards, rows: IntArray) -> Shards:
    return replace(
        shards,
        ids=tuple(shards.ids[row] for row in rows.tolist()),
        labels={key: _take(column, rows) for key, column in shards.labels.items()},
        metrics={name: metric[rows] for name, metric in shards.metrics.items()},
        group=_take(shards.group, rows),
        replicas=shards.replicas[rows],
        load=shards.load[rows],
        move_cost=shards.move_cost[rows],
    )


def _take(column: TextColumn, rows: IntArray) -> TextColumn:
    return replace(column, codes=column.codes[rows])


def _settled(cluster: Cluster, rows: IntArray) -> Settled:
    settled = cluster.settled
    number = np.full(len(cluster.shards.ids), -1, dtype=np.int32)
    number[rows] = np.arange(len(rows), dtype=np.int32)
    kept = number[settled.shard] >= 0
    return replace(
        settled, shard=number[settled.shard[kept]], node=settled.node[kept], role=settled.role[kept]
    )
