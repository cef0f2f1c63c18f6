"""prefer: replicas on nodes that match cost nothing, or, with a negative weight, cost."""

from __future__ import annotations

from typing import Any

from tests.reference.cluster import Shard
from tests.reference.goal import Goal, shard_goal
from tests.reference.policy import Policy, listed
from tests.reference.selectors import selects
from tests.reference.world import World


def goals(world: World, policy: Policy) -> list[Goal]:
    said = listed(policy.action("placement").get("preferences", []))
    said += listed(policy.action("cost_optimization").get("prefer", []))
    return [prefer(world, policy, preference) for preference in said]


def prefer(world: World, policy: Policy, said: dict[str, Any]) -> Goal:
    weight = said.get("weight", 1)

    def cost(shard: Shard, nodes: frozenset[str]) -> int:
        matching = sum(selects(said["labels"], world.cluster.nodes[node].labels) for node in nodes)
        return weight * (len(nodes) - matching) if weight > 0 else -weight * matching

    return shard_goal(policy, "prefer", world.governed(policy), cost)
