"""nearness: the latency between a place and the nodes of the governed replicas."""

from __future__ import annotations

from fractions import Fraction

from tests.reference.cluster import Cluster, Node, Shard, latency
from tests.reference.goal import Goal, shard_goal
from tests.reference.policy import Policy
from tests.reference.scales import exact, scale_of
from tests.reference.world import World


def goals(world: World, policy: Policy) -> list[Goal]:
    if policy.action("placement").get("strategy") != "nearest":
        return []
    cluster = world.cluster
    given = [exact(link["latency_ms"]) for link in cluster.links if link.get("latency_ms") is not None]
    farthest, scale = max(given, default=Fraction(0)), scale_of(given)

    def distance(place: str | None, node: Node) -> int:
        told = latency(cluster, place, node)
        return int((farthest if told is None else told) * scale)

    def cost(shard: Shard, nodes: frozenset[str]) -> int:
        place = start(cluster, policy, shard)
        return sum(distance(place, cluster.nodes[node]) for node in nodes)

    return [shard_goal(policy, "nearness", world.governed(policy), cost)]


def start(cluster: Cluster, policy: Policy, shard: Shard) -> str | None:
    """`latency.from`, else the shard's own label of the first topology key."""
    if "latency" in policy.constraints:
        return policy.constraints["latency"]["from"]
    return shard.labels.get(cluster.topology[0]) if cluster.topology else None
