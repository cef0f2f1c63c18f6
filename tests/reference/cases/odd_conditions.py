"""Conditions that the plain generator never draws: deep ones, two attributes, texts against numbers."""

from __future__ import annotations

from typing import Any

from tests.reference.cases.draw import Draw

Json = dict[str, Any]
NODE = (
    "node.id", "node.state", "node.cost_per_hour", "node.cpu_usage", "node.errors", "node.disk",
    "node.generation", "node.labels.errors", "node.metrics.disk", "node.labels.generation",
    "node.capacity.cpu", "node.capacity.memory", "node.safe.cpu", "node.nothing", "node.region", "node.zone",
)  # fmt: skip
SHARD = (
    "shard.id", "shard.group", "shard.replicas", "shard.tier", "shard.labels.tier", "shard.weight",
    "shard.metrics.weight", "shard.load.cpu", "shard.load.memory", "shard.qps", "shard.region",
    "shard.nothing",
)  # fmt: skip
WHOLE = ("cluster.busy", "cluster.nothing", "time.hour", "time.weekday")
VALUES = (
    "us", "us-a", "ssd", "n1", "s1", "active", "orders", "gold", "mon", "5", "5.0", "true", "", 0, 1, 2, 3,
    5, 30, 42.5, -10, 2.5, 1e12, True, False,
)  # fmt: skip
OPERATORS = (
    "lt", "lte", "gt", "gte", "eq", "neq", "in", "not_in", "between", "contains", "matches", "exists",
    "not_exists",
)  # fmt: skip
BETWEEN_TWO = ("<", "<=", ">", ">=", "==", "!=")
WHOLE_TYPES = ("load_balancing", "cost_optimization")


def condition(draw: Draw, kind: str) -> Json:
    """For a policy of this type; only some types may judge shard and node in one conjunct."""
    mixed = kind not in WHOLE_TYPES
    parts = [_part(draw, _names(draw, mixed), draw.between(0, 2)) for _ in range(draw.between(1, 2))]
    found = parts[0] if len(parts) == 1 else {"all": parts}
    return _current(found) if kind == "migration" and draw.chance(40) else found


def _names(draw: Draw, mixed: bool) -> tuple[str, ...]:
    about = draw.pick((NODE, NODE, SHARD, WHOLE, NODE + SHARD, NODE + SHARD + WHOLE))
    if mixed or not (set(about) & set(NODE) and set(about) & set(SHARD)):
        return about
    return draw.pick((NODE, SHARD))


def _part(draw: Draw, names: tuple[str, ...], depth: int) -> Json:
    if not depth:
        return _comparison(draw, names)
    inner = [_part(draw, names, depth - 1) for _ in range(draw.between(1, 2))]
    key = draw.pick(("all", "any", "none", "not"))
    return {"not": inner[0]} if key == "not" else {key: inner}


def _comparison(draw: Draw, names: tuple[str, ...]) -> Json:
    name = draw.pick(names)
    if draw.chance(25):
        return {"expr": f"{name} {draw.pick(BETWEEN_TWO)} {draw.pick(names)}"}
    operator = draw.pick(OPERATORS)
    found = {"metric": name, "operator": operator}
    match operator:
        case "exists" | "not_exists":
            return found
        case "in" | "not_in":
            return found | {"value": draw.some(VALUES, 1, 3)}
        case "between":
            low = draw.pick((-10, 0, 1, 2.5, 5))
            return found | {"value": [low, low + draw.pick((0, 1, 40))]}
        case "contains" | "matches":
            return found | {"value": draw.pick(("u", "us*", "?[ad]", "*", "[!u]*", "5", "5*", "S1", "**a"))}
        case "lt" | "lte" | "gt" | "gte":
            return found | {"value": draw.pick((-10, 0, 1, 2, 2.5, 5, 30, 1e12))}
    return found | {"value": draw.pick(VALUES)}


def _current(condition: Any) -> Any:
    match condition:
        case dict():
            return {key: _current(value) for key, value in condition.items()}
        case list():
            return [_current(item) for item in condition]
        case str():
            return condition.replace("node.", "current.")
    return condition
