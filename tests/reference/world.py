"""A cluster and the policies that take part, with counts and governed shards worked out."""

from __future__ import annotations

from dataclasses import dataclass

from tests.reference.applied import applied
from tests.reference.cluster import Cluster, Json, Node, Shard, place_of, read_cluster
from tests.reference.conditions import Conjunct
from tests.reference.counts import Count, count_of, decides_count
from tests.reference.inherit import inherited
from tests.reference.policy import Policy, read_policy
from tests.reference.scope import fulfils, governs

Placement = dict[str, frozenset[str]]


@dataclass(frozen=True, eq=False)
class World:
    cluster: Cluster
    policies: list[Policy]
    counts: dict[str, Count]
    governs: dict[str, list[Shard]]

    @property
    def shards(self) -> list[Shard]:
        return list(self.cluster.shards.values())

    @property
    def nodes(self) -> list[Node]:
        return list(self.cluster.nodes.values())

    def governed(self, policy: Policy) -> list[Shard]:
        return self.governs[policy.name]

    def fulfils(self, policy: Policy, part: Conjunct, shard: Shard, node: Node) -> bool:
        return fulfils(part, shard, replicas_seen(policy, shard, self.counts), node, self.cluster)

    def fulfils_all(self, policy: Policy, shard: Shard, node: Node) -> bool:
        return all(self.fulfils(policy, part, shard, node) for part in policy.node_conditions)

    def nodes_of(self, policy: Policy, kind: str) -> list[Node]:
        """All nodes; in policies of this type those that fulfil the conditions for some governed shard."""
        if policy.type != kind:
            return self.nodes
        governed = self.governed(policy)
        return [n for n in self.nodes if any(self.fulfils_all(policy, shard, n) for shard in governed)]

    def settled(self) -> Placement:
        return {shard.id: shard.settled for shard in self.shards}


def world_of(policies: list[Json], snapshot: Json, silent: str = "") -> World:
    """`silent` is a policy that says nothing, though those that depend on it are in force."""
    cluster = read_cluster(snapshot)
    in_force = applied(inherited(policies), cluster.taken_at)
    read = [read_policy(document) for document in in_force if document["name"] != silent]
    counts = {shard.id: count_of(read, shard, cluster) for shard in cluster.shards.values()}
    return World(cluster, read, counts, {p.name: governed(p, cluster, counts) for p in read})


def governed(policy: Policy, cluster: Cluster, counts: dict[str, Count]) -> list[Shard]:
    shards = cluster.shards.values()
    return [s for s in shards if governs(policy, s, replicas_seen(policy, s, counts), cluster)]


def replicas_seen(policy: Policy, shard: Shard, counts: dict[str, Count]) -> int:
    """`shard.replicas` as the conditions of a policy see it."""
    return shard.replicas if decides_count(policy) else counts[shard.id].wanted


def sites_by(nodes: list[Node], by: str) -> dict[str, list[Node]]:
    """Nodes grouped by `node` or by a label; nodes without the label are in no group."""
    sites: dict[str, list[Node]] = {}
    for node in nodes:
        value = place_of(node, by)
        if value is not None:
            sites.setdefault(value, []).append(node)
    return sites
