"""What a policy may do, one function for each type."""

from __future__ import annotations

from typing import Any

from tests.reference.cases.clusters import GROUPS, REGIONS
from tests.reference.cases.draw import Draw
from tests.reference.cases.wording import ZONES, node_selector, selector_value, shard_selector

Json = dict[str, Any]
STRATEGIES = {"least_loaded": 22, "spread": 14, "binpack": 12, "nearest": 40, "lowest_cost": 16, "sticky": 14}
CONSTRAINTS = {
    "region": 8, "zone": 4, "labels": 5, "node": 6, "latency": 10, "min_replicas": 6, "max_replicas": 14,
    "spread": 30, "apart_from": 24, "together_with": 24, "exclusive": 20, "max_per_node": 18,
}  # fmt: skip


def placement(draw: Draw) -> Json:
    strategy, found = draw.chance(45), {}
    if draw.chance(35):
        found["applies_to"] = draw.weighted({"all": 80, "arrivals": 20})
    if strategy:
        found["strategy"] = draw.weighted(STRATEGIES)
    if not strategy or draw.chance(60):
        keys = {draw.weighted(CONSTRAINTS) for _ in range(draw.weighted({1: 45, 2: 35, 3: 20}))}
        keys -= {"max_replicas"} if "min_replicas" in keys else set()
        found["constraints"] = {key: constraint(draw, key) for key in sorted(keys)}
    if draw.chance(20):
        found["preferences"] = preferences(draw)
    return found


def preferences(draw: Draw) -> list[Json]:
    return [
        {"labels": node_selector(draw), "weight": draw.pick((1, 2, 5, -1, -3))}
        for _ in range(draw.between(1, 2))
    ]


def constraint(draw: Draw, key: str) -> Any:
    match key:
        case "region" | "zone":
            return selector_value(draw, REGIONS[:2] if key == "region" else ZONES)
        case "labels":
            return node_selector(draw)
        case "node":
            names = draw.some(("n1", "n2", "n3", "n4"), 1, 2)
            return draw.pick((names[0], names, {"in": names}, {"not_in": names}))
        case "latency":
            return {"from": draw.pick(REGIONS), "max_ms": draw.pick((0, 5, 20, 60))}
        case "min_replicas" | "max_replicas":
            return draw.between(2, 3) if key == "min_replicas" else draw.between(1, 2)
        case "spread":
            return draw.pick((spread, lambda draw: [spread(draw), spread(draw)]))(draw)
        case "exclusive":
            return draw.pick((True, {"by": "zone"}))
        case "max_per_node":
            return draw.between(1, 2)
    return others(draw)


def spread(draw: Draw) -> Json:
    found: Json = {"by": draw.pick(("zone", "region", "disk"))}
    keys = draw.some(("max", "max", "min_values", "max_skew"), 1, draw.weighted({1: 75, 2: 25}))
    numbers = {
        "max": draw.weighted({1: 75, 2: 25}),
        "min_values": draw.weighted({2: 75, 3: 25}),
        "max_skew": draw.between(0, 1),
    }
    return found | {key: numbers[key] for key in keys}


def others(draw: Draw) -> Json:
    """The targets of apart and together."""
    found: Json = {}
    if draw.chance(55):
        found["group"] = draw.pick(("same", *GROUPS))
    if not found or draw.chance(20):
        found["shards"] = shard_selector(draw)
    if draw.chance(20):
        found["differing_in"] = draw.pick(("tenant", "tier"))
    if draw.chance(45):
        found["by"] = draw.pick(("zone", "region", "node"))
    return found


def replication(draw: Draw) -> Json:
    match draw.weighted({"replicas": 18, "bounds": 12, "per": 25, "cross_region": 25, "spread": 20}):
        case "replicas":
            return {"replicas": draw.between(1, 3)}
        case "bounds":
            return draw.pick(({"min_replicas": draw.between(2, 3)}, {"max_replicas": draw.between(1, 2)}))
        case "per":
            return {"per": per(draw)}
        case "cross_region":
            return {"cross_region": cross_region(draw)}
    return {"spread": spread(draw)}


def cross_region(draw: Draw) -> Json:
    keys = draw.pick((["max_regions"], ["min_regions"], ["max_regions"], ["min_regions", "max_regions"]))
    most = draw.pick((1, 2)) if len(keys) == 1 else 2
    return {key: 2 if key == "min_regions" else most for key in keys}


def per(draw: Draw) -> Json:
    key, values = draw.pick((("region", REGIONS), ("zone", ZONES), ("disk", ("ssd", "hdd"))))
    wanted = (1, 2, {"min": 1}, {"max": 1}, {"min": 1, "max": 2}, 0)
    return {key: {value: draw.pick(wanted) for value in draw.some(values, 1, 2)}}


def migration(draw: Draw) -> Json:
    """An empty one leaves where the conditions say so."""
    match draw.weighted({"leave": 27, "stay": 22, "target": 15, "minimize": 28, "implied": 8}):
        case "leave":
            return {"leave": node_selector(draw) if draw.chance(70) else True}
        case "stay":
            return {"stay": True}
        case "target":
            return {"target": node_selector(draw)} | (
                {"leave": node_selector(draw)} if draw.chance(60) else {}
            )
        case "minimize":
            return {"minimize": draw.pick(("moves", "bytes", "cost"))}
    return {}


def load_balancing(draw: Draw) -> Json:
    found: Json = {}
    for key in draw.some(
        ("balance", "max_utilization", "safe", "capacity", "headroom"), 1, draw.between(1, 2)
    ):
        found |= balancing(draw, key)
    if draw.chance(25):
        found["resources"] = draw.some(("cpu", "memory"), 1, 1)
    if draw.chance(25):
        found["over"] = draw.pick(("zone", "region", "node"))
    return found


def balancing(draw: Draw, key: str) -> Json:
    match key:
        case "balance":
            return {"tolerance": draw.pick((0, 5, 10, 30))}
        case "max_utilization":
            percent = draw.pick((50, 70, 80, 90, 62.5))
            return {key: draw.pick((percent, {"cpu": percent}, {"cpu": percent, "memory": 75}))}
        case "safe":
            return {key: True}
        case "capacity":
            return {key: {"reserve": draw.pick((0, 10, 20, 33))}}
    of, over = draw.pick((("memory", "cpu"), ("cpu", "memory")))
    ratio = {"of": of, "per": over, "target": draw.pick((1, 2, 0.5, 1.5))}
    return {key: [ratio | ({"weight": draw.between(1, 3)} if draw.chance(50) else {})]}


def cost_optimization(draw: Draw) -> Json:
    match draw.weighted({"minimize": 50, "consolidate": 25, "prefer": 25}):
        case "minimize":
            return {"minimize": draw.pick(("cost", "node_hours"))}
        case "consolidate":
            return {"consolidate": True}
    return {"prefer": preferences(draw)}
