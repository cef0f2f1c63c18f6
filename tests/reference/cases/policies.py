"""Policy sets: every type, enforcement and composition, small enough to meet each other often."""

from __future__ import annotations

from typing import Any

from tests.reference.cases import acts
from tests.reference.cases.clusters import GROUPS
from tests.reference.cases.draw import Draw
from tests.reference.cases.wording import conditions, guard_comparison, node_part, part, shard_selector
from tests.reference.counts import count_rules
from tests.reference.inherit import inherited
from tests.reference.policy import read_policy

Json = dict[str, Any]
TYPES = {"placement": 42, "replication": 17, "migration": 15, "load_balancing": 18, "cost_optimization": 8}
ENFORCEMENTS = {"yielding": 48, "required": 14, "no_worse": 18, "preferred": 20}
NODE_CONDITIONS = {
    "placement": 30,
    "replication": 15,
    "migration": 55,
    "load_balancing": 20,
    "cost_optimization": 30,
}
NAMES = ("amber", "birch", "cedar", "delta", "ember", "fjord", "grove")


def policy_set(draw: Draw) -> list[Json]:
    count = draw.weighted({5: 32, 4: 28, 3: 22, 2: 10, 1: 6, 0: 2})
    names = draw.some(NAMES, count, count)
    found: list[Json] = []
    for name in names:
        found.append(related(draw, policy(draw, name), found))
    return found[::-1] if draw.chance(30) else found


def policy(draw: Draw, name: str) -> Json:
    kind = draw.weighted(TYPES)
    found: Json = {"version": "1.0", "name": name, "type": kind, "priority": draw.between(1, 3)}
    enforcement = draw.weighted(ENFORCEMENTS)
    if enforcement != "yielding" or draw.chance(30):
        found["enforcement"] = enforcement
    if draw.chance(20):
        found["weight"] = draw.between(1, 4)
    if draw.chance(22):
        found["scope"] = scope(draw)
    parts = condition_parts(draw, kind)
    if parts:
        found["conditions"] = conditions(draw, parts)
    return found | {"actions": actions(draw, kind)} | in_force(draw)


def condition_parts(draw: Draw, kind: str) -> list[Json]:
    of_node = draw.weighted({1: 70, 2: 30}) if draw.chance(NODE_CONDITIONS.get(kind, 0)) else 0
    mixed = kind in ("placement", "replication", "migration")
    found = [node_part(draw, mixed=mixed) for _ in range(of_node)]
    found += [part(draw, guard_comparison)] if draw.chance(18) else []
    if kind == "migration" and draw.chance(50):
        found = [current(one) for one in found]
    return found[::-1] if draw.chance(50) else found


def current(condition: Any) -> Any:
    """The same condition on `current.` instead of `node.`"""
    match condition:
        case dict():
            return {key: current(value) for key, value in condition.items()}
        case list():
            return [current(item) for item in condition]
        case str():
            return condition.replace("node.", "current.")
    return condition


def actions(draw: Draw, kind: str) -> Json:
    found = {kind: getattr(acts, kind)(draw)}
    said = found[kind].get("constraints", {})
    if kind == "placement" and not {"min_replicas", "max_replicas"} & set(said) and draw.chance(6):
        found["replication"] = {"replicas": draw.between(1, 3)}
    return found


def scope(draw: Draw) -> Json:
    match draw.weighted({"shards": 55, "groups": 30, "ids": 15}):
        case "shards":
            return {"shards": shard_selector(draw)}
        case "groups":
            return {"groups": draw.some(GROUPS, 1, 2)}
    return {"ids": draw.some(("s1", "s2", "s3"), 1, 2)}


def in_force(draw: Draw) -> Json:
    """Now and then a policy is switched off or out of its dates."""
    match draw.weighted({"": 90, "off": 3, "from": 3, "until": 3, "on": 1}):
        case "off" | "on" as state:
            return {"enabled": state == "on"}
        case "from":
            return {"valid_from": draw.pick(("2026-01-01T00:00:00Z", "2026-12-01T00:00:00Z"))}
        case "until":
            return {"valid_until": draw.pick(("2026-12-01T00:00:00+01:00", "2026-01-01T00:00:00Z"))}
    return {}


def related(draw: Draw, document: Json, earlier: list[Json]) -> Json:
    """Some policies depend on an earlier one, some take half of themselves from one of their type."""
    if earlier and draw.chance(7):
        document = document | {"depends_on": [draw.pick([*(one["name"] for one in earlier), "missing"])]}
    parents = [one for one in earlier if can_extend(document, one)]
    if not parents or not draw.chance(25):
        return document
    dropped = draw.some(("priority", "enforcement", "weight", "scope", "conditions"), 0, 4)
    kept = {key: value for key, value in document.items() if key not in dropped}
    child = kept | {"extends": draw.pick(parents)["name"]}
    return child if sound(inherited([child, *earlier])[0]) else document


def sound(document: Json) -> bool:
    """No policy may contradict itself: counts, regions, dates, stay and leave."""
    rules = count_rules(read_policy(document))
    least = max((rule.least for rule in rules if rule.least is not None), default=0)
    greatest = min((rule.greatest for rule in rules if rule.greatest is not None), default=9)
    dates = document.get("valid_from", "2000") < document.get("valid_until", "3000")
    moves = set(document["actions"].get("migration", {}))
    regions = document["actions"].get("replication", {}).get("cross_region", {})
    spans = regions.get("min_regions", 0) <= regions.get("max_regions", 9)
    return least <= greatest and spans and dates and not {"stay", "leave"} <= moves


def can_extend(child: Json, parent: Json) -> bool:
    """The same type, and conditions whose shapes can be merged."""
    shapes = [set(one["conditions"]) for one in (child, parent) if "conditions" in one]
    return child["type"] == parent["type"] and all(shape == {"all"} for shape in shapes)
