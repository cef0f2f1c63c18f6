"""apart, together, exclusive: which shards share a node or a label value."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.reference.cluster import Shard, place_of
from tests.reference.policy import Policy, items
from tests.reference.rule import Amounts, Rule, cluster_rule
from tests.reference.selectors import selects
from tests.reference.world import Placement, World

POINTER = "/actions/placement/constraints"
Broken = Callable[[str, list[set[str]]], bool]


def rules(world: World, policy: Policy) -> list[Rule]:
    said, found = policy.constraints, []
    for key, kind, broken in (("apart_from", "apart", meets), ("together_with", "together", misses)):
        for pointer, one in items(said.get(key, []), key):
            targets = targets_of(world, policy, one)
            found.append(compared(world, policy, pointer, kind, targets, one.get("by", "node"), broken))
    if said.get("exclusive"):
        by = said["exclusive"].get("by", "node") if isinstance(said["exclusive"], dict) else "node"
        found.append(compared(world, policy, "exclusive", "exclusive", strangers(world, policy), by, meets))
    return found


def meets(place: str, others: list[set[str]]) -> bool:
    """Some target has a replica there."""
    return any(place in places for places in others)


def misses(place: str, others: list[set[str]]) -> bool:
    """Some target has no replica there."""
    return any(place not in places for places in others)


def compared(
    world: World,
    policy: Policy,
    key: str,
    kind: str,
    targets: dict[Shard, list[Shard]],
    by: str,
    broken: Broken,
) -> Rule:
    def amounts(placement: Placement) -> Amounts:
        found = {}
        for shard, others in targets.items():
            there = [places(world, placement, other, by) for other in others]
            for place in places(world, placement, shard, by):
                found[shard.id, place] = int(broken(place, there))
        return found

    return cluster_rule(policy, f"{POINTER}/{key}", kind, amounts)


def places(world: World, placement: Placement, shard: Shard, by: str) -> set[str]:
    """Where a shard has replicas, by `node` or a label."""
    found = {place_of(world.cluster.nodes[node], by) for node in placement[shard.id]}
    return {place for place in found if place is not None}


def targets_of(world: World, policy: Policy, said: dict[str, Any]) -> dict[Shard, list[Shard]]:
    return {
        shard: [other for other in world.shards if other is not shard and is_target(shard, other, said)]
        for shard in world.governed(policy)
    }


def is_target(shard: Shard, other: Shard, said: dict[str, Any]) -> bool:
    return (
        ("group" not in said or in_group(shard, other, said["group"]))
        and ("shards" not in said or selects(said["shards"], other.labels))
        and ("differing_in" not in said or differs(shard, other, said["differing_in"]))
    )


def in_group(shard: Shard, other: Shard, group: str) -> bool:
    wanted = shard.group if group == "same" else group
    return wanted is not None and other.group == wanted


def differs(shard: Shard, other: Shard, label: str) -> bool:
    """Both carry the label, with different values."""
    return label in shard.labels and label in other.labels and shard.labels[label] != other.labels[label]


def strangers(world: World, policy: Policy) -> dict[Shard, list[Shard]]:
    """Every shard that the policy does not govern."""
    governed = world.governed(policy)
    others = [shard for shard in world.shards if shard not in governed]
    return dict.fromkeys(governed, others)
