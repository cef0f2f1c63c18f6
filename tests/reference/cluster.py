"""A snapshot as plain records, loads and capacities as whole numbers."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from tests.reference.scales import exact, scale_of

Json = dict[str, Any]


@dataclass(frozen=True, eq=False)
class Node:
    """`capacity` and `safe` are whole numbers (scaled), `cost` too; `raw` is the snapshot's own entry."""

    id: str
    state: str
    labels: dict[str, str]
    capacity: dict[str, int]
    safe: dict[str, int]
    cost: int
    raw: Json


@dataclass(frozen=True, eq=False)
class Shard:
    """`load` and `move_cost` are whole numbers (scaled); `settled` the nodes of the snapshot's placement."""

    id: str
    group: str | None
    labels: dict[str, str]
    replicas: int
    load: dict[str, int]
    move_cost: int
    settled: frozenset[str]
    raw: Json


@dataclass(frozen=True, eq=False)
class Cluster:
    resources: tuple[str, ...]
    transient: frozenset[str]
    topology: tuple[str, ...]
    nodes: dict[str, Node]
    shards: dict[str, Shard]
    links: tuple[Json, ...]
    metrics: Json
    taken_at: str | None
    scale: dict[str, int]


def read_cluster(snapshot: Json) -> Cluster:
    nodes, shards = ([spelled(one) for one in snapshot.get(key, [])] for key in ("nodes", "shards"))
    scale = {resource: resource_scale(resource, nodes, shards) for resource in resource_names(snapshot)}
    cost_scale = scale_of(exact(node.get("cost_per_hour") or 0) for node in nodes)
    move_scale = scale_of(exact(shard.get("move_cost", 1)) for shard in shards)
    return Cluster(
        resources=tuple(scale),
        transient=frozenset(
            r for r, about in snapshot.get("resources", {}).items() if about.get("transient")
        ),
        topology=tuple(snapshot.get("topology", [])),
        nodes={node["id"]: read_node(node, scale, cost_scale) for node in nodes},
        shards={shard["id"]: read_shard(shard, scale, move_scale) for shard in shards},
        links=tuple(snapshot.get("links", [])),
        metrics=snapshot.get("metrics", {}),
        taken_at=snapshot.get("taken_at"),
        scale=scale,
    )


def spelled(raw: Json) -> Json:
    """Labels are text, numbers and truth values as JSON spells them."""
    labels = {
        key: value if isinstance(value, str) else text_of(value)
        for key, value in raw.get("labels", {}).items()
    }
    return raw | {"labels": labels}


def text_of(value: float | bool) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(int(value)) if value == int(value) else str(value)


def resource_names(snapshot: Json) -> list[str]:
    """The declared resources and those that some node or shard mentions."""
    used = [name for node in snapshot.get("nodes", []) for name in node.get("capacity", {})]
    used += [name for shard in snapshot.get("shards", []) for name in shard.get("load", {})]
    return sorted({*snapshot.get("resources", {}), *used})


def resource_scale(resource: str, nodes: list[Json], shards: list[Json]) -> int:
    given = [node.get(key, {}).get(resource, 0) for node in nodes for key in ("capacity", "safe")]
    given += [shard.get("load", {}).get(resource, 0) for shard in shards]
    return scale_of(exact(number) for number in given)


def whole(numbers: Json, scale: dict[str, int]) -> dict[str, int]:
    return {name: int(exact(number) * scale[name]) for name, number in numbers.items()}


def read_node(raw: Json, scale: dict[str, int], cost_scale: int) -> Node:
    return Node(
        id=raw["id"],
        state=raw.get("state", "active"),
        labels=raw.get("labels", {}),
        capacity=dict.fromkeys(scale, 0) | whole(raw.get("capacity", {}), scale),
        safe=whole(raw.get("safe", {}), scale),
        cost=int(exact(raw.get("cost_per_hour") or 0) * cost_scale),
        raw=raw,
    )


def read_shard(raw: Json, scale: dict[str, int], move_scale: int) -> Shard:
    return Shard(
        id=raw["id"],
        group=raw.get("group"),
        labels=raw.get("labels", {}),
        replicas=raw.get("replicas", 1),
        load=dict.fromkeys(scale, 0) | whole(raw.get("load", {}), scale),
        move_cost=int(exact(raw.get("move_cost", 1)) * move_scale),
        settled=frozenset(replica["node"] for replica in raw.get("placement", [])),
        raw=raw,
    )


def place_of(node: Node, by: str) -> str | None:
    """The value that a node has for `node` or for a label."""
    return node.id if by == "node" else node.labels.get(by)


def latency(cluster: Cluster, place: str | None, node: Node) -> Fraction | None:
    """The least latency that the links tell between a place and a node; None where no link tells."""
    if place is None:
        return None
    here = {node.labels[key] for key in cluster.topology if key in node.labels}
    if place in here:
        return Fraction(0)
    told = [
        exact(link["latency_ms"])
        for link in cluster.links
        if link.get("latency_ms") is not None and joins(link, place, here)
    ]
    return min(told, default=None)


def joins(link: Json, place: str, here: set[str]) -> bool:
    return (link["from"] == place and link["to"] in here) or (link["to"] == place and link["from"] in here)
