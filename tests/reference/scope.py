"""Which shards a policy governs, and which nodes it speaks of."""

from __future__ import annotations

from tests.reference.attributes import lookup_for
from tests.reference.cluster import Cluster, Node, Shard
from tests.reference.conditions import Conjunct, holds
from tests.reference.policy import Policy, listed
from tests.reference.selectors import selects


def governs(policy: Policy, shard: Shard, replicas: int, cluster: Cluster) -> bool:
    """The shard is in scope and every guard holds."""
    lookup = lookup_for(cluster, shard, replicas, None)
    return in_scope(policy, shard) and all(holds(guard.condition, lookup) for guard in policy.guards)


def in_scope(policy: Policy, shard: Shard) -> bool:
    scope = policy.scope
    return (
        ("ids" not in scope or shard.id in listed(scope["ids"]))
        and ("groups" not in scope or shard.group in listed(scope["groups"]))
        and ("shards" not in scope or selects(scope["shards"], shard.labels))
    )


def fulfils(conjunct: Conjunct, shard: Shard, replicas: int, node: Node, cluster: Cluster) -> bool:
    return holds(conjunct.condition, lookup_for(cluster, shard, replicas, node))
