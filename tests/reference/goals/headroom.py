"""headroom: free capacity of one resource for each free unit of another."""

from __future__ import annotations

from fractions import Fraction
from math import lcm
from typing import Any

from tests.reference.cluster import Node
from tests.reference.goal import Goal, cluster_goal
from tests.reference.policy import Policy, listed
from tests.reference.rules.capacity import load
from tests.reference.scales import exact
from tests.reference.world import Placement, World


def goals(world: World, policy: Policy) -> list[Goal]:
    return [
        headroom(world, policy, said) for said in listed(policy.action("load_balancing").get("headroom", []))
    ]


def headroom(world: World, policy: Policy, said: dict[str, Any]) -> Goal:
    """target x free(per) - free(of) in the user's units, times what makes it whole."""
    scale, of, per = world.cluster.scale, said["of"], said["per"]
    per_unit, of_unit = exact(said["target"]) / scale[per], Fraction(1, scale[of])
    whole = lcm(per_unit.denominator, of_unit.denominator)
    active = [node for node in world.nodes if node.state == "active"]

    def missing(node: Node, placement: Placement) -> Fraction:
        free = {r: node.capacity[r] - load([node], r, placement, world.shards) for r in (of, per)}
        return per_unit * free[per] - of_unit * free[of]

    def cost(placement: Placement) -> int:
        return said.get("weight", 1) * sum(int(max(0, missing(node, placement) * whole)) for node in active)

    return cluster_goal(policy, "headroom", cost)
