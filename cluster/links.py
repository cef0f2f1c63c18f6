"""Latency between a place of the topology and the nodes, from the snapshot's links."""

from __future__ import annotations

import numpy as np

from shardwright.cluster.cluster import Cluster, FloatArray


def latency(cluster: Cluster, place: str) -> FloatArray:
    """Milliseconds from `place` (a value of a topology label) to each node, NaN where no link tells.

    A node that carries the place is 0 ms away; links count in both directions; the least one holds.
    """
    from_place = _distances(cluster, place)
    result = np.full(len(cluster.nodes.ids), np.nan)
    for key in cluster.topology:
        label = cluster.nodes.labels.get(key)
        if label is None:
            continue
        by_value = np.array([*(from_place.get(value, np.nan) for value in label.values), np.nan])
        result = np.fmin(result, by_value[label.codes])
    return result


def longest(cluster: Cluster) -> float:
    """The largest latency of any link, 0 without links."""
    return max((link.latency_ms for link in cluster.links if link.latency_ms is not None), default=0.0)


def _distances(cluster: Cluster, place: str) -> dict[str, float]:
    distances: dict[str, float] = {place: 0.0}
    for link in cluster.links:
        if link.latency_ms is None or place not in (link.source, link.target):
            continue
        other = link.target if link.source == place else link.source
        distances[other] = min(link.latency_ms, distances.get(other, link.latency_ms))
    return distances
