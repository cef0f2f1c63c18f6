"""A goal is a cost at a level."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from tests.reference.cluster import Shard
from tests.reference.policy import Policy
from tests.reference.rule import Level, goal_level
from tests.reference.world import Placement

CostOfShard = Callable[[Shard, frozenset[str]], int]
CostOfCluster = Callable[[Placement], int]


@dataclass(frozen=True, eq=False)
class Goal:
    """`of_shard` is added up over the governed shards; `of_cluster` looks at the whole. One is given."""

    policy: str
    kind: str
    level: Level
    weight: int
    shards: list[Shard] = field(default_factory=list)
    of_shard: CostOfShard | None = None
    of_cluster: CostOfCluster | None = None

    def cost(self, placement: Placement) -> int:
        if self.of_shard is None:
            assert self.of_cluster is not None
            return self.weight * self.of_cluster(placement)
        return self.weight * sum(self.of_shard(shard, placement[shard.id]) for shard in self.shards)


def shard_goal(policy: Policy, kind: str, shards: list[Shard], cost: CostOfShard) -> Goal:
    return Goal(policy.name, kind, goal_level(policy), policy.weight, shards, of_shard=cost)


def cluster_goal(policy: Policy, kind: str, cost: CostOfCluster) -> Goal:
    return Goal(policy.name, kind, goal_level(policy), policy.weight, of_cluster=cost)
