"""allow: a replica stands on a node that is not allowed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from tests.reference.cluster import Node, Shard, latency
from tests.reference.compare import compare
from tests.reference.policy import Policy
from tests.reference.rule import Amounts, Rule, shard_rule, token
from tests.reference.scales import exact
from tests.reference.selectors import fits, selects
from tests.reference.world import World

Allowed = Callable[[Shard, Node], bool]
POINTER = "/actions/placement/constraints"
NOT_LABELS = {
    "labels", "node", "latency", "replicas", "min_replicas", "max_replicas", "spread",
    "apart_from", "together_with", "exclusive", "max_per_node",
}  # fmt: skip


def rules(world: World, policy: Policy) -> list[Rule]:
    arrivals = [allow(world, policy, p, test, arriving=True) for p, test in for_arrivals(world, policy)]
    return arrivals + [allow(world, policy, p, test, arriving=False) for p, test in for_all(world, policy)]


def allow(world: World, policy: Policy, pointer: str, allowed: Allowed, *, arriving: bool) -> Rule:
    def amounts(shard: Shard, nodes: frozenset[str]) -> Amounts:
        bound = nodes - shard.settled if arriving else nodes
        return {(shard.id, n): 1 for n in bound if not allowed(shard, world.cluster.nodes[n])}

    return shard_rule(policy, pointer, "allow", world.governed(policy), amounts)


def for_arrivals(world: World, policy: Policy) -> Iterator[tuple[str, Allowed]]:
    """The node conditions of placement and replication policies, and the target of a migration."""
    if policy.type in ("placement", "replication"):
        for part in policy.node_conditions:
            yield part.pointer, lambda shard, node, part=part: world.fulfils(policy, part, shard, node)
    if "target" in policy.action("migration"):
        target = policy.action("migration")["target"]
        yield "/actions/migration/target", lambda shard, node: selects(target, node.labels)


def for_all(world: World, policy: Policy) -> Iterator[tuple[str, Allowed]]:
    """Labels, nodes and latency of the constraints: they bind settled replicas too."""
    said = policy.constraints
    for key in said.keys() - NOT_LABELS:
        yield f"{POINTER}/{token(key)}", has_label(key, said[key])
    for key, wanted in said.get("labels", {}).items():
        yield f"{POINTER}/labels/{token(key)}", has_label(key, wanted)
    if "node" in said:
        yield f"{POINTER}/node", lambda shard, node: fits(node.id, said["node"])
    if "latency" in said:
        yield f"{POINTER}/latency", is_near(world, said["latency"])


def has_label(key: str, wanted: Any) -> Allowed:
    return lambda shard, node: fits(node.labels.get(key), wanted)


def is_near(world: World, said: dict[str, Any]) -> Allowed:
    most = exact(said["max_ms"])
    return lambda shard, node: compare(latency(world.cluster, said["from"], node), "lte", most)


def allowed_by_all(world: World) -> Allowed:
    """No allow rule for all replicas, of any policy, forbids the node to the shard."""
    tests = [
        (set(world.governed(policy)), test) for policy in world.policies for _, test in for_all(world, policy)
    ]
    return lambda shard, node: all(test(shard, node) for governed, test in tests if shard in governed)
