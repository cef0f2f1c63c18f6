"""`actions.placement`, and the node conditions of placement and replication policies."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from shardwright.grammar.rules import (
    Allow,
    Apart,
    Balance,
    Capacity,
    Cost,
    FewestMoves,
    Kind,
    Nearness,
    Pack,
    Prefer,
    Replicas,
    Targets,
    Together,
)
from shardwright.grammar.syntax import Attribute, Comparison
from shardwright.grammar.tree import pointer
from shardwright.policies.lowering.conditions import from_selector, together
from shardwright.policies.lowering.spread import lower_spread
from shardwright.policies.lowering.stated import NodeTest, Stated
from shardwright.policies.models import Constraints, Placement, Preference, Target
from shardwright.policies.pointers import item_pointer
from shardwright.policies.policy import Policy

BASE = "/actions/placement"
CONSTRAINTS = f"{BASE}/constraints"


def lower_placement(policy: Policy, tests: tuple[NodeTest, ...]) -> Iterator[Stated]:
    if policy.model.type in ("placement", "replication"):
        yield from (Stated(test.pointer, Allow(test.condition, arrivals=True)) for test in tests)
    action = policy.model.actions.placement
    if action is None:
        return
    yield from _nodes(policy, action.constraints)
    yield from _counts(action.constraints)
    yield from lower_spread(policy, f"{CONSTRAINTS}/spread", action.constraints.spread)
    yield from _company(policy, action.constraints)
    yield from lower_preferences(policy, f"{BASE}/preferences", action.preferences)
    if action.strategy is not None:
        yield Stated(f"{BASE}/strategy", _strategy(action))


def _nodes(policy: Policy, constraints: Constraints) -> Iterator[Stated]:
    for key in constraints.label_constraints:
        at = CONSTRAINTS + pointer(key)
        yield Stated(at, Allow(together(from_selector(policy, at, "node"), policy, at), arrivals=False))
    for test in from_selector(policy, f"{CONSTRAINTS}/labels", "node"):
        assert isinstance(test, Comparison)
        at = f"{CONSTRAINTS}/labels" + pointer(test.attribute.name)
        yield Stated(at, Allow(test, arrivals=False))
    at = f"{CONSTRAINTS}/node"
    if (node := constraints.node) is not None:
        test = Comparison(Attribute("node", "", "id"), node.operator, tuple(node.names), policy.place(at))
        yield Stated(at, Allow(test, arrivals=False))
    at = f"{CONSTRAINTS}/latency"
    if (latency := constraints.latency) is not None:
        distance = Attribute("node", "latency", latency.source)
        test = Comparison(distance, "lte", float(latency.max_ms), policy.place(at))
        yield Stated(at, Allow(test, arrivals=False))


def _counts(constraints: Constraints) -> Iterator[Stated]:
    if constraints.min_replicas is not None:
        yield Stated(f"{CONSTRAINTS}/min_replicas", Replicas(constraints.min_replicas, None))
    if constraints.max_replicas is not None:
        yield Stated(f"{CONSTRAINTS}/max_replicas", Replicas(None, constraints.max_replicas))
    if constraints.max_per_node is not None:
        yield Stated(f"{CONSTRAINTS}/max_per_node", Capacity(resources=(), replicas=constraints.max_per_node))


def _company(policy: Policy, constraints: Constraints) -> Iterator[Stated]:
    for key, kind in (("apart_from", Apart), ("together_with", Together)):
        for at, target in enumerate(getattr(constraints, key)):
            place = item_pointer(policy, f"{CONSTRAINTS}/{key}", at)
            yield Stated(place, kind(_targets(policy, place, target), target.by))
    if constraints.exclusive is not None:
        everyone_else = Targets(ungoverned=True)
        yield Stated(f"{CONSTRAINTS}/exclusive", Apart(everyone_else, constraints.exclusive.by))


def _targets(policy: Policy, at: str, target: Target) -> Targets:
    tests = from_selector(policy, f"{at}/shards", "shard")
    if target.group is not None and target.group != "same":
        group = Comparison(Attribute("shard", "", "group"), "eq", target.group, policy.place(f"{at}/group"))
        tests = (group, *tests)
    test = together(tests, policy, at) if tests else None
    return Targets(target.group == "same", test, False, target.differing_in)


def lower_preferences(policy: Policy, base: str, preferences: tuple[Preference, ...]) -> Iterator[Stated]:
    for at, preference in enumerate(preferences):
        place = item_pointer(policy, base, at)
        test = together(from_selector(policy, f"{place}/labels", "node"), policy, place)
        yield Stated(place, Prefer(test, preference.weight))


def _strategy(action: Placement) -> Kind:
    latency = action.constraints.latency
    kinds: dict[str, Kind] = {
        "least_loaded": Balance(),
        "spread": Balance(resources=(), tolerance=Decimal(0), replicas=True),
        "binpack": Pack(),
        "nearest": Nearness(latency.source if latency else None),
        "lowest_cost": Cost(per_replica=True),
        "sticky": FewestMoves(),
    }
    assert action.strategy is not None
    return kinds[action.strategy]
