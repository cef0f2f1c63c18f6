"""cost: what the nodes that hold governed replicas cost, each once or each replica."""

from __future__ import annotations

from tests.reference.cluster import Shard
from tests.reference.goal import Goal, cluster_goal, shard_goal
from tests.reference.goals.pack import held
from tests.reference.policy import Policy
from tests.reference.world import Placement, World


def goals(world: World, policy: Policy) -> list[Goal]:
    found = (
        [nodes_held(world, policy)] if policy.action("cost_optimization").get("minimize") == "cost" else []
    )
    cheapest = policy.action("placement").get("strategy") == "lowest_cost"
    return found + ([replicas_held(world, policy)] if cheapest else [])


def nodes_held(world: World, policy: Policy) -> Goal:
    counted = world.nodes_of(policy, "cost_optimization")

    def cost(placement: Placement) -> int:
        return sum(world.cluster.nodes[node].cost for node in held(world, policy, placement, counted))

    return cluster_goal(policy, "cost", cost)


def replicas_held(world: World, policy: Policy) -> Goal:
    def cost(shard: Shard, nodes: frozenset[str]) -> int:
        return sum(world.cluster.nodes[node].cost for node in nodes)

    return shard_goal(policy, "cost", world.governed(policy), cost)
