"""replicas: too few or too many, of a shard or of a shard on nodes with a label value."""

from __future__ import annotations

from collections.abc import Iterator

from tests.reference.cluster import Shard, place_of
from tests.reference.counts import CountRule, count_rules, remaining
from tests.reference.policy import Policy
from tests.reference.rule import Amounts, Rule, shard_rule, token
from tests.reference.world import World


def rules(world: World, policy: Policy) -> list[Rule]:
    counts = [replicas(world, policy, rule) for rule in count_rules(policy)]
    return counts + [per(world, policy, key, value, wanted) for key, value, wanted in per_values(policy)]


def distance(count: int, least: int | None, greatest: int | None) -> int:
    """How far a count is outside its bounds."""
    low = 0 if least is None else max(0, least - count)
    return low + (0 if greatest is None else max(0, count - greatest))


def replicas(world: World, policy: Policy, rule: CountRule) -> Rule:
    def amounts(shard: Shard, nodes: frozenset[str]) -> Amounts:
        return {(shard.id,): distance(len(nodes), rule.least, rule.greatest)}

    heard = [shard for shard in world.governed(policy) if counts_for(world, policy, rule, shard)]
    return shard_rule(policy, rule.pointer, "replicas", heard, amounts)


def counts_for(world: World, policy: Policy, rule: CountRule, shard: Shard) -> bool:
    """The rule is not ignored for this shard."""
    return (policy, rule) in remaining(world.policies, shard, world.cluster)


def per_values(policy: Policy) -> Iterator[tuple[str, str, int | dict[str, int]]]:
    for key, values in policy.action("replication").get("per", {}).items():
        for value, wanted in values.items():
            yield key, value, wanted


def per(world: World, policy: Policy, key: str, value: str, wanted: int | dict[str, int]) -> Rule:
    bounds = wanted if isinstance(wanted, dict) else {"min": wanted, "max": wanted}

    def amounts(shard: Shard, nodes: frozenset[str]) -> Amounts:
        count = sum(place_of(world.cluster.nodes[node], key) == value for node in nodes)
        return {(shard.id, key, value): distance(count, bounds.get("min"), bounds.get("max"))}

    pointer = f"/actions/replication/per/{token(key)}/{token(value)}"
    return shard_rule(policy, pointer, "replicas", world.governed(policy), amounts)
