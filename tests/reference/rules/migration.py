"""stay and leave: settled replicas that must not move, replicas that must not be where they are."""

from __future__ import annotations

from tests.reference.cluster import Node, Shard
from tests.reference.policy import Policy
from tests.reference.rule import Amounts, Rule, shard_rule
from tests.reference.selectors import selects
from tests.reference.world import World

POINTER = "/actions/migration"


def rules(world: World, policy: Policy) -> list[Rule]:
    said = policy.action("migration")
    stays, leaves = said.get("stay", False), said.get("leave", False) is not False
    found = [stay(world, policy)] if stays else []
    if leaves:
        found.append(leave(world, policy, POINTER + "/leave"))
    if (
        policy.type == "migration"
        and policy.node_conditions
        and "migration" in policy.actions
        and not stays | leaves
    ):
        found.append(leave(world, policy, POINTER))
    return found


def stay(world: World, policy: Policy) -> Rule:
    def amounts(shard: Shard, nodes: frozenset[str]) -> Amounts:
        return {(shard.id, node): 1 for node in shard.settled - nodes if bound(shard, node)}

    def bound(shard: Shard, name: str) -> bool:
        node = world.cluster.nodes[name]
        return node.state != "down" and fulfils(world, policy, shard, node)

    return shard_rule(policy, POINTER + "/stay", "stay", world.governed(policy), amounts)


def leave(world: World, policy: Policy, pointer: str) -> Rule:
    chosen = policy.action("migration").get("leave")
    selector = chosen if isinstance(chosen, dict) else {}

    def amounts(shard: Shard, nodes: frozenset[str]) -> Amounts:
        return {(shard.id, node): 1 for node in nodes if unwanted(shard, node)}

    def unwanted(shard: Shard, name: str) -> bool:
        node = world.cluster.nodes[name]
        return fulfils(world, policy, shard, node) and selects(selector, node.labels)

    return shard_rule(policy, pointer, "leave", world.governed(policy), amounts)


def fulfils(world: World, policy: Policy, shard: Shard, node: Node) -> bool:
    """The node conditions of a migration policy; another one has none for this."""
    return policy.type != "migration" or world.fulfils_all(policy, shard, node)
