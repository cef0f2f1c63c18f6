"""Conditions, in both spellings, and selectors."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.reference.cases.clusters import GROUPS, REGIONS, TENANTS, TIERS
from tests.reference.cases.draw import Draw

Json = dict[str, Any]
SYMBOLS = {"lt": "<", "lte": "<=", "gt": ">", "gte": ">=", "eq": "==", "neq": "!="}
ORDERED = ("lt", "lte", "gt", "gte", "eq", "neq")
NODE_NUMBERS = (
    "node.cpu_usage",
    "node.errors",
    "node.metrics.errors",
    "node.cost_per_hour",
    "node.generation",
)
ZONES = ("us-a", "us-b", "eu-a", "eu-b")


def selector_value(draw: Draw, values: tuple[str, ...]) -> Any:
    """One of the ways to say what a label must be."""
    match draw.weighted({"one": 45, "list": 20, "in": 10, "not_in": 13, "exists": 5, "matches": 7}):
        case "one":
            return draw.pick(values)
        case "list":
            return draw.some(values, 1, 2)
        case "in":
            return {"in": draw.some(values, 1, 2)}
        case "not_in":
            return {"not_in": draw.some(values, 1, 2)}
        case "exists":
            return {"exists": draw.chance(80)}
    return {"matches": draw.pick(values)[:1] + "*"}


def node_selector(draw: Draw) -> Json:
    known = {"region": REGIONS, "zone": ZONES, "disk": ("ssd", "hdd")}
    return {key: selector_value(draw, known[key]) for key in draw.some(list(known), 1, draw.between(1, 2))}


def shard_selector(draw: Draw) -> Json:
    known = {"tier": TIERS, "tenant": TENANTS}
    return {key: selector_value(draw, known[key]) for key in draw.some(list(known), 1, draw.between(1, 2))}


def node_comparison(draw: Draw) -> Json:
    match draw.weighted({"number": 60, "label": 20, "capacity": 8, "state": 4, "exists": 8}):
        case "number":
            return number_comparison(draw, draw.pick(NODE_NUMBERS))
        case "label":
            return label_comparison(draw, *draw.pick((("node.zone", ZONES), ("node.labels.region", REGIONS))))
        case "capacity":
            return comparison("node.capacity.cpu", draw.pick(ORDERED[:4]), draw.between(2, 8))
        case "state":
            return comparison("node.state", draw.pick(("eq", "neq")), draw.pick(("active", "draining")))
    return comparison(draw.pick(("node.errors", "node.disk")), draw.pick(("exists", "not_exists")), None)


def number_comparison(draw: Draw, attribute: str) -> Json:
    scale = 1 if attribute.endswith(("generation", "hour")) else 10
    if draw.chance(10):
        low = draw.between(1, 4) * scale
        return comparison(attribute, "between", [low, low + draw.between(0, 6) * scale])
    return comparison(attribute, draw.pick(ORDERED), draw.between(1, 9) * scale)


def label_comparison(draw: Draw, attribute: str, values: tuple[str, ...]) -> Json:
    match draw.weighted({"eq": 25, "neq": 20, "in": 20, "not_in": 15, "matches": 10, "contains": 10}):
        case "eq" | "neq" as operator:
            return comparison(attribute, operator, draw.pick(values))
        case "in" | "not_in" as operator:
            return comparison(attribute, operator, draw.some(values, 1, 2))
        case "matches":
            return comparison(attribute, "matches", "*" + draw.pick(values)[1:])
    return comparison(attribute, "contains", draw.pick(values)[1:3])


def guard_comparison(draw: Draw) -> Json:
    """A comparison that mentions no node."""
    match draw.weighted({"label": 50, "count": 15, "load": 10, "number": 15, "cluster": 5, "time": 5}):
        case "label":
            about = (("shard.tier", TIERS), ("shard.tenant", TENANTS), ("shard.group", GROUPS))
            return label_comparison(draw, *draw.pick(about))
        case "count":
            return comparison("shard.replicas", draw.pick(ORDERED), draw.between(1, 3))
        case "load":
            return comparison("shard.load.cpu", draw.pick(ORDERED[:4]), draw.between(1, 3))
        case "number":
            return comparison(
                draw.pick(("shard.qps", "shard.weight")), draw.pick(ORDERED), draw.between(1, 40)
            )
        case "cluster":
            return comparison("cluster.busy", draw.pick(ORDERED[:4]), draw.between(2, 8))
    return comparison("time.hour", draw.pick(ORDERED[:4]), draw.between(10, 18))


def comparison(attribute: str, operator: str, value: Any) -> Json:
    found = {"metric": attribute, "operator": operator}
    return found if value is None else found | {"value": value}


def conditions(draw: Draw, parts: list[Json]) -> Json:
    """The conjuncts as `all`, alone, or as infix text."""
    spelling = draw.weighted({"all": 55, "expr": 20, "inner": 25})
    if spelling == "expr":
        return {"expr": " and ".join(text(part, inside=True) for part in parts)}
    if spelling == "inner":
        return {"all": [{"expr": text(part)} if draw.chance(50) else part for part in parts]}
    return parts[0] if len(parts) == 1 and draw.chance(50) else {"all": parts}


def node_part(draw: Draw, *, mixed: bool) -> Json:
    """A conjunct that mentions nodes; where `mixed`, shards too now and then."""
    if not mixed or not draw.chance(10):
        return part(draw, node_comparison)
    return draw.pick((home(draw), {"any": [node_comparison(draw), guard_comparison(draw)]}))


def part(draw: Draw, one: Callable[[Draw], Json]) -> Json:
    """One conjunct: a comparison, now and then something made of two."""
    match draw.weighted({"plain": 80, "any": 9, "none": 4, "not": 7}):
        case "any" | "none" as key:
            return {key: [one(draw), one(draw)]}
        case "not":
            return {"not": one(draw)}
    return one(draw)


def home(draw: Draw) -> Json:
    """A comparison of two attributes, which only infix text can spell."""
    return {"expr": f"shard.region {draw.pick(('==', '!='))} node.region"}


def text(condition: Json, *, inside: bool = False) -> str:
    """The infix spelling; `inside` asks for parentheses where `and` stands around it."""
    match condition:
        case {"expr": said}:
            return said
        case {"any": parts} if not inside:
            return " or ".join(text(part) for part in parts)
        case {"any": parts}:
            return f"({text(condition)})"
        case {"none": parts}:
            return f"none({', '.join(text(part) for part in parts)})"
        case {"not": part}:
            return f"not ({text(part)})"
    return f"{condition['metric']} {operator_text(condition)}"


def operator_text(condition: Json) -> str:
    operator, value = condition["operator"], condition.get("value")
    match operator:
        case "exists" | "not_exists":
            return operator.replace("_", " ")
        case "in" | "not_in":
            return f"{operator.replace('_', ' ')} [{', '.join(repr(item) for item in value)}]"
        case "between":
            both = (f"between [{value[0]}, {value[1]}]", f"between {value[0]} and {value[1]}")
            return both[value[0] // 10 % 2]
    return f"{SYMBOLS.get(operator, operator)} {value!r}"
