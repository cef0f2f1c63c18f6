"""pack: the number of nodes that hold a governed replica."""

from __future__ import annotations

from tests.reference.goal import Goal, cluster_goal
from tests.reference.policy import Policy
from tests.reference.world import Placement, World


def goals(world: World, policy: Policy) -> list[Goal]:
    said = policy.action("cost_optimization")
    wanted = [
        bool(said.get("consolidate")),
        said.get("minimize") == "node_hours",
        policy.action("placement").get("strategy") == "binpack",
    ]
    return [pack(world, policy)] * sum(wanted)


def pack(world: World, policy: Policy) -> Goal:
    def cost(placement: Placement) -> int:
        return len(held(world, policy, placement))

    return cluster_goal(policy, "pack", cost)


def held(world: World, policy: Policy, placement: Placement) -> set[str]:
    """The nodes with governed replicas; in cost policies of those that fulfil the node conditions."""
    counted = {node.id for node in world.nodes_of(policy, "cost_optimization")}
    return {node for shard in world.governed(policy) for node in placement[shard.id]} & counted
