"""Any placement of a snapshot's shards, good or bad, from a seed."""

from __future__ import annotations

from random import Random
from typing import Any

Json = dict[str, Any]


def random_placement(snapshot: Json, seed: int) -> dict[str, list[str]]:
    """Mostly as many replicas as the shard has, now and then one more, one less or the same node twice."""
    random = Random(seed)
    names = [node["id"] for node in snapshot["nodes"]]
    return {shard["id"]: nodes_for(random, shard, names) for shard in snapshot["shards"]}


def nodes_for(random: Random, shard: Json, names: list[str]) -> list[str]:
    settled = [replica["node"] for replica in shard.get("placement", [])]
    if settled and random.random() < 0.3:
        return settled
    count = max(0, shard.get("replicas", 1) + random.choice((0, 0, 0, 0, 1, -1)))
    nodes = random.sample(names, min(count, len(names)))
    return nodes + nodes[:1] if random.random() < 0.03 else nodes
