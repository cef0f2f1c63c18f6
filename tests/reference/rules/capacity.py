"""capacity: the load of a node, or of all nodes with one label value, under a limit."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from math import floor
from typing import Any

from tests.reference.cluster import Node, Shard
from tests.reference.policy import Policy, listed
from tests.reference.rule import Amounts, Rule, cluster_rule, token
from tests.reference.scales import exact
from tests.reference.world import Placement, World, sites_by

POINTER = "/actions/load_balancing"
Limit = Callable[[list[Node], str], int | None]


def rules(world: World, policy: Policy) -> list[Rule]:
    said, governed = policy.action("load_balancing"), world.governed(policy)
    found = []
    if "max_utilization" in said:
        found += [limited(world, policy, *part, governed) for part in utilization(world, said)]
    if said.get("safe"):
        limits = dict.fromkeys(resources_of(world, said), safe)
        found.append(limited(world, policy, "safe", limits, governed))
    if "capacity" in said:
        limits = {r: share(100 - p) for r, p in reserves(world, policy).items()}
        found.append(limited(world, policy, "capacity", limits, world.shards))
    return found + per_node(world, policy, governed)


def limited(world: World, policy: Policy, key: str, limits: dict[str, Limit], shards: list[Shard]) -> Rule:
    """One limit for each resource, on every site."""
    sites = sites_of(world, policy)

    def amounts(placement: Placement) -> Amounts:
        return {
            (site, resource): excess(nodes, resource, limit, placement, shards)
            for site, nodes in sites.items()
            for resource, limit in limits.items()
        }

    return cluster_rule(policy, f"{POINTER}/{key}", "capacity", amounts)


def sites_of(world: World, policy: Policy) -> dict[str, list[Node]]:
    alive = [node for node in world.nodes_of(policy, "load_balancing") if node.state != "down"]
    return sites_by(alive, policy.action("load_balancing").get("over", "node"))


def excess(nodes: list[Node], resource: str, limit: Limit, placement: Placement, shards: list[Shard]) -> int:
    most = limit(nodes, resource)
    return 0 if most is None else load(nodes, resource, placement, shards) - most


def load(nodes: list[Node], resource: str, placement: Placement, shards: list[Shard]) -> int:
    """The load of the shards' replicas on these nodes."""
    ids = {node.id for node in nodes}
    return sum(len(placement[shard.id] & ids) * shard.load[resource] for shard in shards)


def share(percent: Fraction) -> Limit:
    """So many percent of the site's capacity, rounded down."""
    return lambda nodes, resource: floor(percent * sum(node.capacity[resource] for node in nodes) / 100)


def safe(nodes: list[Node], resource: str) -> int | None:
    """The sum of what the nodes give as safe; no limit where one of them gives none."""
    given = [node.safe[resource] for node in nodes if resource in node.safe]
    return sum(given) if len(given) == len(nodes) else None


def resources_of(world: World, said: dict[str, Any]) -> list[str]:
    return listed(said.get("resources", list(world.cluster.resources)))


def utilization(world: World, said: dict[str, Any]) -> list[tuple[str, dict[str, Limit]]]:
    """One rule for all resources, or one for each that is named."""
    most = said["max_utilization"]
    if not isinstance(most, dict):
        return [("max_utilization", dict.fromkeys(resources_of(world, said), share(exact(most))))]
    return [(f"max_utilization/{token(r)}", {r: share(exact(percent))}) for r, percent in most.items()]


def reserves(world: World, policy: Policy) -> dict[str, Fraction]:
    """The percent that `capacity` keeps free, for each of the policy's resources."""
    said = policy.action("load_balancing")
    if "capacity" not in said:
        return {}
    return dict.fromkeys(resources_of(world, said), exact(said["capacity"].get("reserve", 0)))


def per_node(world: World, policy: Policy, governed: list[Shard]) -> list[Rule]:
    """`max_per_node`: the number of governed replicas on any node."""
    most = policy.constraints.get("max_per_node")
    if most is None:
        return []

    def amounts(placement: Placement) -> Amounts:
        held = {node.id: sum(node.id in placement[shard.id] for shard in governed) for node in world.nodes}
        return {(node, "replicas"): count - most for node, count in held.items()}

    return [cluster_rule(policy, "/actions/placement/constraints/max_per_node", "capacity", amounts)]
