"""Judges a placement from the snapshot alone: a few lines that know nothing of any solver."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

# Loads have a few decimals; their sums as floats are off by far less.
TINY = 1e-6

Json = dict[str, Any]
Where = Mapping[str, Sequence[str]]


@dataclass(frozen=True)
class Verdict:
    """`misplaced` counts replicas missing, beyond the count, or sharing a node or a zone; `overloaded`
    nodes that hold more than their capacity; `balance` is max/mean of load over capacity by resource."""

    misplaced: int
    overloaded: int
    balance: dict[str, float]
    moves: int

    @property
    def violations(self) -> int:
        return self.misplaced + self.overloaded

    @property
    def uneven(self) -> float:
        """The max/mean of the worst resource."""
        return max(self.balance.values())


def judge(snapshot: Json, where: Where) -> Verdict:
    """What a placement (shard id -> node ids) is worth on a cluster whose zones shall stay apart."""
    zone = {node["id"]: node["labels"]["zone"] for node in snapshot["nodes"]}
    misplaced = moves = 0
    for shard in snapshot["shards"]:
        nodes = where.get(shard["id"], [])
        misplaced += abs(shard["replicas"] - len(nodes)) + len(nodes) - len({zone[node] for node in nodes})
        moves += len(Counter(nodes) - Counter(replica["node"] for replica in shard["placement"]))
    use = used(snapshot, where)
    over = {
        node["id"]
        for node in snapshot["nodes"]
        for resource, capacity in node["capacity"].items()
        if use[resource][node["id"]] > capacity + TINY
    }
    balance = {resource: unevenness(snapshot, resource, use[resource]) for resource in snapshot["resources"]}
    return Verdict(misplaced, len(over), balance, moves)


def start(snapshot: Json) -> dict[str, list[str]]:
    """Where the replicas stand today."""
    return {shard["id"]: [replica["node"] for replica in shard["placement"]] for shard in snapshot["shards"]}


def used(snapshot: Json, where: Where) -> dict[str, Counter[str]]:
    """The load of each node, by resource."""
    use: dict[str, Counter[str]] = {resource: Counter() for resource in snapshot["resources"]}
    for shard in snapshot["shards"]:
        for node in where.get(shard["id"], []):
            for resource, load in shard["load"].items():
                use[resource][node] += load
    return use


def unevenness(snapshot: Json, resource: str, use: Mapping[str, float]) -> float:
    """The fullest node over the cluster: load over capacity, both times. Infinite where nothing is placed."""
    capacity: dict[str, float] = {node["id"]: node["capacity"][resource] for node in snapshot["nodes"]}
    mean = sum(use.values()) / sum(capacity.values())
    if not mean:
        return math.inf
    return max(use.get(node, 0.0) / capacity[node] for node in capacity) / mean


def removal_bound(snapshot: Json, limits: Mapping[str, float]) -> int:
    """How many replicas have to leave their nodes at least, so that none is above its share.

    `limits` are multiples of the mean load over capacity. A node with too much of a resource gives away
    its largest replicas at best; what several resources ask of a node can be the same replicas.
    """
    where = start(snapshot)
    use = used(snapshot, where)
    held: dict[str, list[Json]] = defaultdict(list)
    for shard in snapshot["shards"]:
        for node in where[shard["id"]]:
            held[node].append(shard["load"])
    total = {
        resource: sum(use[resource].values()) / sum(node["capacity"][resource] for node in snapshot["nodes"])
        for resource in limits
    }
    return sum(
        max(
            leaving(
                (load[resource] for load in held[node["id"]]),
                limit * total[resource] * node["capacity"][resource],
            )
            for resource, limit in limits.items()
        )
        for node in snapshot["nodes"]
    )


def leaving(loads: Iterable[float], limit: float) -> int:
    """How many of these loads, the largest first, have to go until the rest is within a limit."""
    largest = sorted(loads, reverse=True)
    rest, gone = sum(largest), 0
    while rest > limit + TINY:
        rest -= largest[gone]
        gone += 1
    return gone
