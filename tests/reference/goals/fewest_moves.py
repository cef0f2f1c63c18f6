"""fewest_moves: settled replicas that leave, their costs, or their bytes."""

from __future__ import annotations

from math import lcm

from tests.reference.cluster import Cluster, Shard
from tests.reference.goal import Goal, shard_goal
from tests.reference.policy import Policy
from tests.reference.world import World


def leaving(shard: Shard, nodes: frozenset[str]) -> int:
    return len(shard.settled - nodes)


def goals(world: World, policy: Policy) -> list[Goal]:
    said = policy.action("migration").get("minimize")
    if policy.action("placement").get("strategy") == "sticky":
        return [shard_goal(policy, "fewest_moves", world.governed(policy), leaving)]
    return [of_kind(world, policy, said)] if said else []


def of_kind(world: World, policy: Policy, kind: str) -> Goal:
    price = {
        "moves": lambda shard: 1,
        "cost": lambda shard: shard.move_cost,
        "bytes": lambda shard: size(world.cluster, shard),
    }[kind]

    def cost(shard: Shard, nodes: frozenset[str]) -> int:
        return leaving(shard, nodes) * price(shard)

    return shard_goal(policy, "fewest_moves", world.governed(policy), cost)


def size(cluster: Cluster, shard: Shard) -> int:
    """The loads of transient resources, brought to the finest of their scales."""
    finest = lcm(*(cluster.scale[resource] for resource in cluster.transient))
    return sum(shard.load[r] * finest // cluster.scale[r] for r in cluster.transient)


def built_in(world: World) -> Goal:
    return Goal("fewest_moves", "fewest_moves", (3, 0), 1, world.shards, of_shard=leaving)
