"""A cluster as the snapshot document that gives it: `cluster_from(to_document(c)).hash == c.hash`."""

from __future__ import annotations

from collections.abc import Iterator
from math import isnan
from typing import Any

import numpy as np

from shardwright.cluster.cluster import Cluster, FloatArray, Link, Nodes, TextColumn, Things

Json = dict[str, Any]


def to_document(cluster: Cluster) -> Json:
    """The snapshot of a cluster as plain data, ready for JSON; keys that have nothing to say are left out."""
    document: Json = {
        "version": "1.0",
        "name": cluster.name,
        "taken_at": cluster.taken_at,
        "resources": _resources(cluster),
        "topology": list(cluster.topology),
        "nodes": list(_nodes(cluster.nodes, cluster.resources)),
        "shards": list(_shards(cluster)),
        "links": [_link(link) for link in cluster.links],
        "metrics": cluster.metrics,
    }
    return {key: value for key, value in document.items() if value is not None}


def _resources(cluster: Cluster) -> Json:
    facts = zip(cluster.resources, cluster.units, cluster.transient, strict=True)
    return {
        name: ({"unit": unit} if unit else {}) | ({"transient": True} if transient else {})
        for name, unit, transient in facts
    }


def _nodes(nodes: Nodes, resources: tuple[str, ...]) -> Iterator[Json]:
    states, costs = _texts(nodes.state), nodes.cost_per_hour.tolist()
    for row, (name, labels, metrics) in enumerate(_things(nodes)):
        capacity, safe = _named(nodes.capacity[row], resources), _named(nodes.safe[row], resources)
        node = {"id": name, "labels": labels, "capacity": capacity, "safe": safe, "metrics": metrics}
        cost = {} if isnan(costs[row]) else {"cost_per_hour": costs[row]}
        yield _short(node) | cost | {"state": states[row]}


def _shards(cluster: Cluster) -> Iterator[Json]:
    shards = cluster.shards
    groups, costs, counts = _texts(shards.group), shards.move_cost.tolist(), shards.replicas.tolist()
    placements = _placements(cluster)
    for row, (name, labels, metrics) in enumerate(_things(shards)):
        load = {key: value for key, value in _named(shards.load[row], cluster.resources).items() if value}
        shard = {"id": name, "group": groups[row], "labels": labels, "load": load, "metrics": metrics}
        rest = {"replicas": counts[row], "move_cost": costs[row], "placement": placements[row]}
        yield _short(shard) | rest


def _placements(cluster: Cluster) -> list[list[Json]]:
    settled = cluster.settled
    placements: list[list[Json]] = [[] for _ in cluster.shards.ids]
    rows = zip(settled.shard.tolist(), settled.node.tolist(), settled.role.tolist(), strict=True)
    for shard, node, role in rows:
        replica = {"node": cluster.nodes.ids[node]} | ({"role": settled.roles[role]} if role else {})
        placements[shard].append(replica)
    return placements


def _things(things: Things) -> Iterator[tuple[str, Json, Json]]:
    """The id, labels and metrics of every row."""
    labels = {key: _texts(column) for key, column in things.labels.items()}
    metrics = {key: column.tolist() for key, column in things.metrics.items()}
    for row, name in enumerate(things.ids):
        own = {key: texts[row] for key, texts in labels.items() if texts[row] is not None}
        # NaN, the mark of a missing metric, differs from itself.
        yield name, own, {key: values[row] for key, values in metrics.items() if values[row] == values[row]}


def _texts(column: TextColumn) -> list[str | None]:
    return [column.values[code] if code >= 0 else None for code in column.codes.tolist()]


def _named(row: FloatArray, names: tuple[str, ...]) -> dict[str, float]:
    return {names[at]: float(row[at]) for at in np.flatnonzero(~np.isnan(row))}


def _short(thing: Json) -> Json:
    return {key: value for key, value in thing.items() if value not in (None, {})}


def _link(link: Link) -> Json:
    known = {"latency_ms": link.latency_ms, "cost_per_gb": link.cost_per_gb}
    return {"from": link.source, "to": link.target} | {key: at for key, at in known.items() if at is not None}
