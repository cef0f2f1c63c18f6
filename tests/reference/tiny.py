"""Shorthand for hand-made cases."""

from __future__ import annotations

from typing import Any

from tests.reference.book import book_of
from tests.reference.judge import judge
from tests.reference.world import world_of

Json = dict[str, Any]


def node(name: str, region: str | None = None, **more: Any) -> Json:
    """A node with 10 cpu; zone-like labels go into `labels`."""
    labels = ({"region": region} if region else {}) | more.pop("labels", {})
    return {"id": name, "labels": labels, "capacity": {"cpu": 10}} | more


def shard(name: str, *settled: str, **more: Any) -> Json:
    """A shard that stands on these nodes and wants as many replicas (1 if it stands nowhere)."""
    placement = [{"node": node} for node in settled]
    return {"id": name, "replicas": max(1, len(settled)), "placement": placement, "load": {"cpu": 1}} | more


def cluster(nodes: list[Json], shards: list[Json], **more: Any) -> Json:
    resources = {"cpu": {}, "memory": {"transient": True}}
    return {
        "taken_at": "2026-11-02T14:30:00Z",
        "resources": resources,
        "topology": ["region"],
        "nodes": nodes,
        "shards": shards,
    } | more


def policy(kind: str, actions: Json, **more: Any) -> Json:
    """A policy `p` of priority 1 with one action object, or `actions` whole if it names types itself."""
    return {"name": "p", "type": kind, "priority": 1, "actions": {kind: actions}} | more


def constrained(**constraints: Any) -> Json:
    return policy("placement", {"constraints": constraints})


def amounts(document: Json, snapshot: Json, placement: dict[str, list[str]]) -> dict[str, dict[Any, int]]:
    """What the policy `p` has broken: pointer -> what -> amount. A What of one word stands alone."""
    found: dict[str, dict[Any, int]] = {}
    for broken in judge([document], snapshot, placement).broken:
        if broken.policy == document["name"]:
            what = broken.what[0] if len(broken.what) == 1 else broken.what
            found.setdefault(broken.rule, {})[what] = broken.amount
    return found


def costs(document: Json, snapshot: Json, placement: dict[str, list[str]]) -> int:
    """What the goals of the policy `p` cost together."""
    book = book_of(world_of([document], snapshot))
    sets = {name: frozenset(nodes) for name, nodes in placement.items()}
    return sum(goal.cost(sets) for goal in book.goals if goal.policy == document["name"])
