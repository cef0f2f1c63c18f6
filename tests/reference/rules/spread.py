"""spread: the counts of a shard's replicas per value of a label."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

from tests.reference.cluster import Shard, place_of
from tests.reference.policy import Policy
from tests.reference.rule import Amounts, Rule, shard_rule
from tests.reference.rules.allow import allowed_by_all
from tests.reference.world import World

Counts = Counter[str]
Measure = Callable[[Shard, Counts], Amounts]


def rules(world: World, policy: Policy) -> list[Rule]:
    return [
        spread(world, policy, f"{pointer}/{key}", said["by"], measure)
        for pointer, said in spreads(policy)
        for key, measure in measures(world, said)
    ] + cross_region(world, policy)


def spreads(policy: Policy) -> Iterator[tuple[str, dict[str, Any]]]:
    """Every spread object of a policy and its pointer; a list is numbered."""
    for pointer, said in (
        ("/actions/placement/constraints/spread", policy.constraints.get("spread")),
        ("/actions/replication/spread", policy.action("replication").get("spread")),
    ):
        if isinstance(said, dict):
            yield pointer, said
        for i, item in enumerate(said if isinstance(said, list) else []):
            yield f"{pointer}/{i}", item


def measures(world: World, said: dict[str, Any]) -> Iterator[tuple[str, Measure]]:
    if "max" in said:
        yield "max", at_most(said["max"])
    if "min_values" in said:
        yield "min_values", min_values(said["min_values"])
    if "max_skew" in said:
        yield "max_skew", max_skew(world, said["by"], said["max_skew"])


def cross_region(world: World, policy: Policy) -> list[Rule]:
    said = policy.action("replication").get("cross_region", {})
    pointer = "/actions/replication/cross_region"
    makers = {"min_regions": min_values, "max_regions": max_values}
    return [
        spread(world, policy, f"{pointer}/{key}", "region", make(said[key]))
        for key, make in makers.items()
        if key in said
    ]


def spread(world: World, policy: Policy, pointer: str, by: str, measure: Measure) -> Rule:
    def amounts(shard: Shard, nodes: frozenset[str]) -> Amounts:
        values = [place_of(world.cluster.nodes[node], by) for node in nodes]
        return measure(shard, Counter(value for value in values if value is not None))

    return shard_rule(policy, pointer, "spread", world.governed(policy), amounts)


def at_most(most: int) -> Measure:
    return lambda shard, counts: {(shard.id, value): count - most for value, count in counts.items()}


def min_values(least: int) -> Measure:
    return lambda shard, counts: {(shard.id,): least - len(counts)}


def max_values(most: int) -> Measure:
    return lambda shard, counts: {(shard.id,): len(counts) - most}


def max_skew(world: World, by: str, most: int) -> Measure:
    values = {shard: eligible(world, shard, by) for shard in world.shards}

    def amounts(shard: Shard, counts: Counts) -> Amounts:
        least = min((counts[value] for value in values[shard]), default=0)
        return {(shard.id,): max(counts.values(), default=0) - least - most}

    return amounts


def eligible(world: World, shard: Shard, by: str) -> set[str]:
    """The values on active nodes that may hold the shard; on all active nodes if none may."""
    active = [node for node in world.nodes if node.state == "active"]
    allowed = allowed_by_all(world)
    found = {place_of(node, by) for node in active if allowed(shard, node)} - {None}
    return {v for v in found or {place_of(node, by) for node in active} if v is not None}
