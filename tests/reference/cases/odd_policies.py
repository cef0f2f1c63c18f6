"""Changes that make a policy set odd: what the plain generator never draws, or hardly ever."""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from itertools import pairwise
from typing import Any

from tests.reference.cases import acts
from tests.reference.cases.acts import per, spread
from tests.reference.cases.draw import Draw
from tests.reference.cases.odd_conditions import condition
from tests.reference.cases.policies import policy
from tests.reference.cases.wording import node_selector, shard_selector

Json = dict[str, Any]
KEYS = ("node", "disk", "generation", "rack", "zone", "region")
COUNTS = (0, 0, 1, 2, 3, 4, 5, 12)


def odd(draw: Draw, policies: list[Json]) -> list[Json]:
    """Two to four changes of a policy set."""
    changed = deepcopy(policies)
    for _ in range(draw.between(2, 4)):
        draw.pick(CHANGES)(draw, changed)
    return changed


def _one(draw: Draw, policies: list[Json], *kinds: str) -> Json:
    """A policy of one of the types, a new one where there is none."""
    found = [
        one
        for one in policies
        if not kinds or (one["type"] in kinds and one["type"] in one.get("actions", {}))
    ]
    if found:
        return draw.pick(found)
    made = policy(draw, f"odd-{len(policies)}")
    if kinds and made["type"] not in kinds:
        kind = draw.pick(kinds)
        made |= {"type": kind, "actions": {kind: getattr(acts, kind)(draw)}}
        made.pop("conditions", None)
    policies.append(made)
    return made


def _enforced(draw: Draw, policies: list[Json]) -> None:
    """All alike."""
    key, value = draw.pick(
        (
            ("enforcement", "required"),
            ("enforcement", "required"),
            ("enforcement", "no_worse"),
            ("enforcement", "no_worse"),
            ("enforcement", "yielding"),
            ("enforcement", "preferred"),
            ("priority", 1),
            ("weight", 1_000_000),
            ("priority", 1_000_000),
        )
    )
    for one in draw.some(policies, 0, len(policies)):
        one[key] = value


def _second(draw: Draw, policies: list[Json]) -> None:
    """The action of another type beside the policy's own."""
    one, kind = _one(draw, policies), draw.pick(tuple(ACTIONS))
    one["actions"] = {kind: getattr(acts, kind)(draw)} | one.get("actions", {})


ACTIONS = ("placement", "replication", "migration", "load_balancing", "cost_optimization")


def _constraint(draw: Draw, policies: list[Json]) -> None:
    one = _one(draw, policies, "placement")
    said = one["actions"]["placement"].setdefault("constraints", {})
    said |= draw.pick(CONSTRAINTS)(draw)


def _spread(draw: Draw) -> Json:
    found = spread(draw) | {"by": draw.pick(KEYS)}
    key = draw.pick(("max", "min_values", "max_skew"))
    return {"spread": draw.pick((found, [found, spread(draw)], found | {key: draw.pick(COUNTS)}))}


def _company(draw: Draw) -> Json:
    key = draw.pick(("apart_from", "together_with"))
    several = [acts.others(draw) | {"by": draw.pick(KEYS)} for _ in range(draw.between(1, 2))]
    return {key: several if draw.chance(50) else several[0]}


def _everyone(draw: Draw) -> Json:
    """From all others, or those that have a label."""
    chosen = draw.pick(({}, {"tier": {"exists": True}}, {"tier": {"not_in": ["gold"]}}, {"nothing": "x"}))
    more = draw.pick(
        ({}, {"differing_in": "tier"}, {"group": "same"}, {"group": "same", "differing_in": "tenant"})
    )
    return {draw.pick(("apart_from", "together_with")): {"shards": chosen, "by": draw.pick(KEYS)} | more}


def _label(draw: Draw) -> Json:
    key = draw.pick(("zone", "region", "disk", "generation", "rack", "errors"))
    tests = (
        5, True, "5", {"neq": "us"}, {"exists": False}, {"not_exists": True}, {"contains": "u"},
        {"matches": "[u]*"}, {"in": [5, "ssd", True]}, {"exists": True, "neq": "hdd"}, ["us-a", 5.0], "",
    )  # fmt: skip
    return {key: draw.pick(tests)} if draw.chance(60) else {"labels": {key: draw.pick(tests)}}


CONSTRAINTS: tuple[Callable[[Draw], Json], ...] = (
    _spread,
    _spread,
    _company,
    _company,
    _everyone,
    _label,
    _label,
    lambda draw: {"exclusive": {"by": draw.pick(KEYS)}},
    lambda draw: {"max_per_node": draw.pick((0, 1, 3))},
    lambda draw: {
        "latency": {"from": draw.pick(("us-a", "nowhere", "us", "ssd")), "max_ms": draw.pick((0.5, 5, 0))}
    },
    lambda draw: {"node": draw.pick(("nowhere", {"not_in": ["n1", "nowhere"]}, ["n1", "n1"]))},
    lambda draw: {draw.pick(("min_replicas", "max_replicas")): draw.pick(COUNTS)},
)


def _replication(draw: Draw, policies: list[Json]) -> None:
    said = _one(draw, policies, "replication")["actions"]["replication"]
    match draw.between(1, 6):
        case 1:
            said["replicas"] = draw.pick(COUNTS)
        case 2:
            said |= {"min_replicas": draw.pick((0, 1)), "max_replicas": draw.pick(COUNTS[2:])}
        case 3:
            said["per"] = per(draw) | per(draw)
        case 4:
            said["per"] = {
                draw.pick(KEYS): {draw.pick(("us", "5", "n1", "nowhere", "ssd")): draw.pick(COUNTS)}
            }
        case 5:
            said |= _spread(draw)
        case 6:
            low, high = draw.pick(((0, 0), (1, 1), (2, 3), (3, 3), (4, 9)))
            said["cross_region"] = {"min_regions": low, "max_regions": high}


def _migration(draw: Draw, policies: list[Json]) -> None:
    one = _one(draw, policies, "migration")
    one["actions"]["migration"] = draw.pick(
        (
            {"leave": True},
            {"leave": {}},
            {"leave": {"disk": {"exists": False}}},
            {"stay": True, "minimize": "cost"},
            {"stay": True, "target": node_selector(draw)},
            {"stay": False},
            {"leave": False, "minimize": "bytes"},
            {"target": {}, "leave": node_selector(draw), "minimize": "moves"},
        )
    )


def _balance(draw: Draw, policies: list[Json]) -> None:
    said = _one(draw, policies, "load_balancing")["actions"]["load_balancing"]
    said |= draw.pick(
        (
            {"tolerance": draw.pick((0, 0.5, 2.25, 100, 1000))},
            {"max_utilization": draw.pick((0, 100, 120, 33.3, {"memory": 0}, {"cpu": 100, "memory": 50}))},
            {"capacity": {"reserve": draw.pick((100, 0, 12.5))}},
            {"capacity": {}},
            {"resources": draw.pick(([], "cpu", ["memory", "cpu"], ["cpu", "cpu"]))},
            {"over": draw.pick(KEYS)},
            {
                "headroom": {
                    "of": "cpu",
                    "per": draw.pick(("cpu", "memory")),
                    "target": draw.pick((0, 1, 3, 0.25)),
                }
            },
            {
                "headroom": acts.balancing(draw, "headroom")["headroom"]
                + acts.balancing(draw, "headroom")["headroom"]
            },
            {"safe": True, "over": draw.pick(KEYS)},
            {"safe": False},
        )
    )


def _cost(draw: Draw, policies: list[Json]) -> None:
    said = _one(draw, policies, "cost_optimization")["actions"]["cost_optimization"]
    wish = {"labels": draw.pick(({}, {"disk": "ssd"}, {"rack": "r1"}, {"zone": {"exists": False}}))}
    weight = draw.pick((0, 1, -1, 1_000_000, -1_000_000))
    said |= draw.pick(
        (
            {"prefer": wish | {"weight": weight}},
            {"prefer": [wish, wish | {"weight": weight}]},
            {"minimize": "cost", "consolidate": True},
            {"minimize": "node_hours", "consolidate": True},
            {"consolidate": False, "minimize": "cost"},
        )
    )


def _scope(draw: Draw, policies: list[Json]) -> None:
    _one(draw, policies)["scope"] = draw.pick(
        (
            {},
            {"ids": []},
            {"ids": "s1"},
            {"ids": ["s1", "nobody"], "groups": ["orders", "users"]},
            {"groups": ["nobody"]},
            {"groups": "orders", "shards": shard_selector(draw), "ids": ["s1", "s2", "s3"]},
            {"shards": {}},
            {"shards": {"tier": {"exists": False}}},
            {"shards": {"tier": {"not_in": ["gold"], "exists": True}}},
            {"shards": {"weight": draw.pick((2, [1, "2", 3.0], {"neq": 2}, True))}},
        )
    )


def _conditions(draw: Draw, policies: list[Json]) -> None:
    one = _one(draw, policies)
    one.pop("extends", None)
    one["conditions"] = condition(draw, one["type"])


def _depends(draw: Draw, policies: list[Json]) -> None:
    """A chain; now and then one link of it is not in force."""
    for first, second in pairwise(policies):
        if draw.chance(60):
            first["depends_on"] = [second["name"]]
    if policies and draw.chance(50):
        draw.pick(policies).update(
            draw.pick(({"enabled": False}, {"valid_until": "2026-01-01T00:00:00Z"}, {}))
        )


def _inherits(draw: Draw, policies: list[Json]) -> None:
    """A child that takes keys away, or that changes a single number deep inside."""
    if not policies:
        return
    parent = draw.pick(policies)
    child = {"name": f"heir-{len(policies)}", "extends": parent["name"], "type": parent["type"]}
    more = ({"scope": None}, {"conditions": None}, {"enforcement": None}, {"weight": None}, {"priority": 2},
            {"enabled": True}, {"scope": {"groups": ["orders"]}}, {"depends_on": []})  # fmt: skip
    for extra in draw.some(more, 0, 2):
        child |= extra
    policies.append(child)


def _no_others(draw: Draw, policies: list[Json]) -> None:
    """One policy alone, or a second time under another name."""
    if policies and draw.chance(50):
        policies[:] = [draw.pick(policies)]
    elif policies:
        policies.append(deepcopy(draw.pick(policies)) | {"name": f"twin-{len(policies)}"})


CHANGES: tuple[Callable[[Draw, list[Json]], None], ...] = (
    _enforced, _enforced, _enforced, _second, _second, _constraint, _constraint, _constraint, _replication,
    _migration, _balance, _balance, _cost, _scope, _scope, _conditions, _conditions, _conditions, _depends,
    _inherits, _no_others,
)  # fmt: skip
