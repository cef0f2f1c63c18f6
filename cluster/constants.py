"""What `cluster.` and `time.` stand for: one value for a whole snapshot."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

from shardwright.cluster.cluster import Cluster
from shardwright.grammar.syntax import Attribute

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")

CLUSTER: dict[str, Callable[[Cluster], float | str]] = {
    "name": lambda cluster: cluster.name,
    "nodes": lambda cluster: float(len(cluster.nodes.ids)),
    "shards": lambda cluster: float(len(cluster.shards.ids)),
}

TIME: dict[str, Callable[[datetime], float | str]] = {
    "hour": lambda time: float(time.hour),
    "minute": lambda time: float(time.minute),
    "weekday": lambda time: WEEKDAYS[time.weekday()],
    "day": lambda time: float(time.day),
    "month": lambda time: float(time.month),
    "year": lambda time: float(time.year),
}


def constant(cluster: Cluster, attribute: Attribute) -> float | str | None:
    """The value of a `cluster.` or `time.` attribute, None if the snapshot does not give it.

    The time is the snapshot's `taken_at`, in UTC: answers never depend on the clock.
    """
    if attribute.subject == "cluster":
        if attribute.name in cluster.metrics and attribute.space in ("", "metrics"):
            return cluster.metrics[attribute.name]
        return CLUSTER[attribute.name](cluster) if attribute.name in CLUSTER else None
    if cluster.taken_at is None or attribute.name not in TIME:
        return None
    return TIME[attribute.name](datetime.fromisoformat(cluster.taken_at).astimezone(UTC))
