"""pack: the number of nodes that hold a governed replica."""

from __future__ import annotations

from tests.reference.cluster import Node
from tests.reference.goal import Goal, cluster_goal
from tests.reference.policy import Policy
from tests.reference.world import Placement, World


def goals(world: World, policy: Policy) -> list[Goal]:
    said = policy.action("cost_optimization")
    wanted = [bool(said.get("consolidate")), said.get("minimize") == "node_hours"]
    everywhere = [policy.action("placement").get("strategy") == "binpack"]
    counted = world.nodes_of(policy, "cost_optimization")
    return [pack(world, policy, counted)] * sum(wanted) + [pack(world, policy, world.nodes)] * sum(everywhere)


def pack(world: World, policy: Policy, nodes: list[Node]) -> Goal:
    def cost(placement: Placement) -> int:
        return len(held(world, policy, placement, nodes))

    return cluster_goal(policy, "pack", cost)


def held(world: World, policy: Policy, placement: Placement, nodes: list[Node]) -> set[str]:
    """Those of some nodes that hold governed replicas."""
    counted = {node.id for node in nodes}
    return {node for shard in world.governed(policy) for node in placement[shard.id]} & counted
