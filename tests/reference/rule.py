"""A rule is a measure: what is broken, and by how much."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from tests.reference.cluster import Shard
from tests.reference.policy import Policy
from tests.reference.world import Placement

What = tuple[str, ...]
Amounts = dict[What, int]
OfShard = Callable[[Shard, frozenset[str]], Amounts]
OfCluster = Callable[[Placement], Amounts]
Level = tuple[int, int]


@dataclass(frozen=True, eq=False)
class Rule:
    """`of_shard` looks at one shard at a time; `of_cluster` at the whole placement. One is given."""

    policy: str
    pointer: str
    kind: str
    enforcement: str
    level: Level
    weight: int
    shards: list[Shard] = field(default_factory=list)
    of_shard: OfShard | None = None
    of_cluster: OfCluster | None = None

    def amounts(self, placement: Placement) -> Amounts:
        """Every What with an amount above 0."""
        if self.of_shard is None:
            assert self.of_cluster is not None
            return positive(self.of_cluster(placement))
        found: Amounts = {}
        for shard in self.shards:
            found |= positive(self.of_shard(shard, placement[shard.id]))
        return found


def positive(amounts: Amounts) -> Amounts:
    return {what: amount for what, amount in amounts.items() if amount > 0}


def goal_level(policy: Policy) -> Level:
    """Block 2, or 4 for a placement policy that does not apply to all replicas."""
    to_all = policy.action("placement").get("applies_to", "arrivals") == "all"
    return (4 if policy.type == "placement" and not to_all else 2, policy.priority)


def rule_level(policy: Policy) -> Level:
    return goal_level(policy) if policy.enforcement == "preferred" else (1, policy.priority)


def shard_rule(policy: Policy, pointer: str, kind: str, shards: list[Shard], measure: OfShard) -> Rule:
    level, weight = rule_level(policy), policy.weight
    return Rule(policy.name, pointer, kind, policy.enforcement, level, weight, shards, of_shard=measure)


def cluster_rule(policy: Policy, pointer: str, kind: str, measure: OfCluster) -> Rule:
    level, weight = rule_level(policy), policy.weight
    return Rule(policy.name, pointer, kind, policy.enforcement, level, weight, of_cluster=measure)


def token(text: str) -> str:
    """A key inside a JSON pointer."""
    return text.replace("~", "~0").replace("/", "~1")
