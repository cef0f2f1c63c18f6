"""Small clusters: a few nodes in two or three regions, a few shards, often overloaded or half drained."""

from __future__ import annotations

from typing import Any

from tests.reference.cases.draw import Draw

Json = dict[str, Any]
REGIONS = ("us", "eu", "ap")
TIERS = ("gold", "silver", "bronze")
GROUPS = ("orders", "users")
TENANTS = ("acme", "bolt", "core")
RESOURCES = ("cpu", "memory")
STATES = {"active": 92, "draining": 3, "maintenance": 2, "down": 3}


def snapshot(draw: Draw) -> Json:
    nodes = [node(draw, f"n{i}") for i in range(1, draw.weighted({4: 42, 5: 28, 3: 22, 2: 6, 1: 2}) + 1)]
    shards = [
        shard(draw, f"s{i}", len(nodes))
        for i in range(1, draw.weighted({3: 32, 4: 27, 5: 18, 2: 16, 1: 7}) + 1)
    ]
    settle(draw, shards, nodes)
    size_nodes(draw, nodes, shards)
    return {
        "version": "1.0",
        "name": "small",
        "taken_at": "2026-11-02T14:30:00Z",
        "resources": {"cpu": {"unit": "cores"}, "memory": {"unit": "GiB", "transient": True}},
        "topology": draw.pick((["region", "zone"], ["region"], ["zone"])),
        "nodes": nodes,
        "shards": shards,
        "links": links(draw),
        "metrics": {"busy": draw.between(0, 10)},
    }


def node(draw: Draw, name: str) -> Json:
    labels = {}
    region = draw.pick(REGIONS[: draw.between(2, 3)])
    if draw.chance(92):
        labels["region"] = region
    if draw.chance(88):
        labels["zone"] = f"{region}-{draw.pick('ab')}"
    if draw.chance(85):
        labels["disk"] = draw.pick(("ssd", "hdd"))
    if draw.chance(30):
        labels["generation"] = str(draw.between(1, 4))
    return {"id": name, "labels": labels, "state": draw.weighted(STATES)} | node_numbers(draw)


def node_numbers(draw: Draw) -> Json:
    metrics = {name: draw.between(1, 10) * 10 for name in ("cpu_usage", "errors") if draw.chance(80)}
    found: Json = {"metrics": metrics}
    if draw.chance(90):
        found["cost_per_hour"] = draw.pick((1, 2, 3, 0.5, 1.25))
    return found


def shard(draw: Draw, name: str, nodes: int) -> Json:
    labels = {"tier": draw.pick(TIERS)} if draw.chance(85) else {}
    if draw.chance(70):
        labels["tenant"] = draw.pick(TENANTS)
    if draw.chance(75):
        labels["region"] = draw.pick(REGIONS[:2])
    if draw.chance(30):
        labels["weight"] = str(draw.between(1, 4))
    found: Json = {"id": name, "labels": labels, "load": load(draw)}
    if draw.chance(80):
        found["group"] = draw.pick(GROUPS)
    if draw.chance(85):
        found["replicas"] = min(nodes, draw.weighted({2: 50, 1: 35, 3: 15}))
    if draw.chance(70):
        found["move_cost"] = draw.pick((1, 2, 5, 0.5))
    if draw.chance(40):
        found["metrics"] = {"qps": draw.between(0, 9) * 10}
    return found


def load(draw: Draw) -> Json:
    tenths = draw.chance(30)
    found = {r: draw.between(1, 40) / 10 if tenths else draw.between(1, 4) for r in RESOURCES}
    return {resource: amount for resource, amount in found.items() if draw.chance(93)}


def settle(draw: Draw, shards: list[Json], nodes: list[Json]) -> None:
    """Most shards stand somewhere already, some crowded on the first nodes, some with a wrong count."""
    names = [node["id"] for node in nodes]
    crowded = draw.chance(35)
    for one in shards:
        own = one.get("replicas", 1)
        count = draw.weighted({own: 72, 0: 22, max(0, own - 1): 3, own + 1: 3})
        where = names[: max(count, (len(names) + 1) // 2)] if crowded else names
        one["placement"] = [{"node": name} for name in draw.some(where, min(count, len(where)), count)]


def size_nodes(draw: Draw, nodes: list[Json], shards: list[Json]) -> None:
    """Capacities around the mean load, so that some nodes are too small."""
    tightness = draw.pick((160, 230, 300, 400, 600))
    total = {r: sum(s["load"].get(r, 0) * s.get("replicas", 1) for s in shards) for r in RESOURCES}
    for one in nodes:
        one["capacity"] = {r: capacity(draw, total[r] * tightness / 100 / len(nodes)) for r in RESOURCES}
        if draw.chance(55):
            one["safe"] = {
                r: round(size * draw.pick((0.5, 0.7, 0.9)), 1)
                for r, size in one["capacity"].items()
                if draw.chance(85)
            }


def capacity(draw: Draw, mean: float) -> int | float:
    size = mean * draw.pick((60, 80, 100, 120, 150)) / 100
    return round(size, 1) if draw.chance(25) else max(1, round(size))


def links(draw: Draw) -> list[Json]:
    pairs = [("us", "eu"), ("us", "ap"), ("eu", "ap"), ("us-a", "us-b"), ("eu-a", "us-a")]
    found = draw.some(pairs, draw.pick((0, 2, 3)), len(pairs))
    return [{"from": a, "to": b, "latency_ms": draw.pick((5, 10, 20, 60, 2.5))} for a, b in found]
