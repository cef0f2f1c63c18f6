"""Looking up `shard.tier`, `node.capacity.cpu`, `cluster.budget` and the like."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from tests.reference.cluster import Cluster, Node, Shard
from tests.reference.compare import Value, value_of

Lookup = Callable[[str], Value]
SPACES = ("labels", "metrics", "capacity", "load", "safe")


def lookup_for(cluster: Cluster, shard: Shard, replicas: int, node: Node | None) -> Lookup:
    """What every attribute is for a shard (with so many replicas) and a candidate node."""

    def lookup(attribute: str) -> Value:
        subject, _, name = attribute.partition(".")
        match subject:
            case "shard":
                known = {"id": shard.id, "group": shard.group, "replicas": replicas}
                return value_of(look(name, known, loads_given(shard, cluster)))
            case "node" | "current":
                return value_of(node_value(name, node))
            case "cluster":
                return value_of(cluster.metrics.get(name))
            case "time":
                return value_of(time_value(name, cluster.taken_at))
        raise ValueError(attribute)

    return lookup


def node_value(name: str, node: Node | None) -> Any:
    if node is None:
        raise ValueError(f"no node to look up {name!r}")
    known = {"id": node.id, "state": node.state, "cost_per_hour": node.raw.get("cost_per_hour")}
    return look(name, known, node.raw)


def loads_given(shard: Shard, cluster: Cluster) -> dict[str, Any]:
    """A load that is not given is 0."""
    return shard.raw | {"load": dict.fromkeys(cluster.resources, 0) | shard.raw.get("load", {})}


def look(name: str, known: dict[str, Any], raw: dict[str, Any]) -> Any:
    """The well-known ones first, then what the text names, then the metric, then the label."""
    if name in known:
        return known[name]
    space, _, rest = name.partition(".")
    if rest and space in SPACES:
        return raw.get(space, {}).get(rest)
    metric = raw.get("metrics", {}).get(name)
    return metric if metric is not None else raw.get("labels", {}).get(name)


def time_value(name: str, taken_at: str | None) -> Any:
    if taken_at is None:
        return None
    now = datetime.fromisoformat(taken_at).astimezone(UTC)
    return {"hour": now.hour, "weekday": now.strftime("%a").lower()}.get(name)
