"""The built-in rules: placed, node_state, capacity. (`one_per_node` is in judge.py.)"""

from __future__ import annotations

from tests.reference.cluster import Shard
from tests.reference.rule import Amounts, Rule
from tests.reference.rules.capacity import load, reserves
from tests.reference.world import Placement, World


def rules(world: World) -> list[Rule]:
    return [placed(world), node_state(world), capacity(world)]


def placed(world: World) -> Rule:
    def amounts(shard: Shard, nodes: frozenset[str]) -> Amounts:
        count = world.counts[shard.id]
        return {(shard.id,): max(0, count.floor - len(nodes), len(nodes) - count.ceiling)}

    return Rule("placed", "", "placed", "required", (1, 0), 1, world.shards, of_shard=amounts)


def node_state(world: World) -> Rule:
    def amounts(shard: Shard, nodes: frozenset[str]) -> Amounts:
        return {(shard.id, node): 1 for node in nodes if refuses(shard, node)}

    def refuses(shard: Shard, node: str) -> bool:
        state = world.cluster.nodes[node].state
        return state == "down" or (state != "active" and node not in shard.settled)

    return Rule("node_state", "", "node_state", "required", (1, 0), 1, world.shards, of_shard=amounts)


def capacity(world: World) -> Rule:
    """Every node and every resource that no policy's own capacity replaces."""
    resources = [r for r in world.cluster.resources if r not in replaced(world)]

    def amounts(placement: Placement) -> Amounts:
        return {
            (node.id, resource): load([node], resource, placement, world.shards) - node.capacity[resource]
            for node in world.nodes
            for resource in resources
        }

    return Rule("capacity", "", "capacity", "no_worse", (1, 0), 1, of_cluster=amounts)


def replaced(world: World) -> set[str]:
    """The resources of `load_balancing.capacity` in policies that govern every shard."""
    everywhere = [p for p in world.policies if len(world.governed(p)) == len(world.shards)]
    return {resource for policy in everywhere for resource in reserves(world, policy)}
