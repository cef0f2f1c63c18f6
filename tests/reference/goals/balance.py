"""balance: no site holds more than its share of the load, give or take a tolerance."""

from __future__ import annotations

from fractions import Fraction
from math import ceil, floor, gcd
from typing import Any

from tests.reference.cluster import Node
from tests.reference.goal import Goal, cluster_goal
from tests.reference.policy import Policy
from tests.reference.rules.capacity import load, resources_of
from tests.reference.scales import exact, rounded
from tests.reference.world import Placement, World, sites_by

Sites = dict[str, list[Node]]
Per = dict[tuple[str, str], int]
RULES = ("max_utilization", "safe", "capacity", "headroom")


def goals(world: World, policy: Policy) -> list[Goal]:
    found = []
    if "load_balancing" in policy.actions and wants_balance(policy.action("load_balancing")):
        said = policy.action("load_balancing")
        tolerance = exact(said.get("tolerance", 5))
        nodes, over = world.nodes_of(policy, "load_balancing"), said.get("over", "node")
        found.append(
            balance(world, policy, resources_of(world, said), tolerance, sites_by(active(nodes), over))
        )
    strategy = policy.action("placement").get("strategy")
    if strategy == "least_loaded":
        sites = sites_by(active(world.nodes), "node")
        found.append(balance(world, policy, list(world.cluster.resources), Fraction(5), sites))
    return found + ([even_counts(world, policy)] if strategy == "spread" else [])


def wants_balance(said: dict[str, Any]) -> bool:
    """It gives a tolerance, or none of the keys that make it something else."""
    return "tolerance" in said or not any(said.get(key, False) is not False for key in RULES)


def active(nodes: list[Node]) -> list[Node]:
    return [node for node in nodes if node.state == "active"]


def balance(world: World, policy: Policy, resources: list[str], tolerance: Fraction, sites: Sites) -> Goal:
    governed = world.governed(policy)
    capacity = {
        (site, r): sum(node.capacity[r] for node in nodes) for site, nodes in sites.items() for r in resources
    }
    limit = limits(world, policy, capacity, tolerance)
    factor = factors(capacity)

    def cost(placement: Placement) -> int:
        return sum(
            max(0, load(sites[site], r, placement, governed) - limit[site, r]) * factor[site, r]
            for site, r in capacity
        )

    return cluster_goal(policy, "balance", cost)


def limits(world: World, policy: Policy, capacity: Per, tolerance: Fraction) -> Per:
    found = {}
    for site, resource in capacity:
        total_load = sum(s.load[resource] * world.counts[s.id].wanted for s in world.governed(policy))
        total_capacity = sum(node.capacity[resource] for node in active(world.nodes))
        share = Fraction(capacity[site, resource] * total_load, total_capacity or 1)
        found[site, resource] = floor(share * (1 + tolerance / 100))
    return found


def factors(capacity: Per) -> Per:
    """What a unit above the limit costs: more on a small site."""
    sizes = [size for size in capacity.values() if size]
    if not sizes:
        return dict.fromkeys(capacity, 1)
    raw = {key: rounded(Fraction(100 * max(sizes), size or min(sizes))) for key, size in capacity.items()}
    divisor = gcd(*raw.values())
    return {key: factor // divisor for key, factor in raw.items()}


def even_counts(world: World, policy: Policy) -> Goal:
    """Strategy `spread`: the same for the number of replicas."""
    nodes, governed = active(world.nodes), world.governed(policy)
    total = sum(world.counts[shard.id].wanted for shard in governed)
    limit = ceil(Fraction(total, len(nodes) or 1))

    def cost(placement: Placement) -> int:
        held = [sum(node.id in placement[shard.id] for shard in governed) for node in nodes]
        return sum(max(0, count - limit) for count in held)

    return cluster_goal(policy, "balance", cost)
