"""What each kind of rule asks for, in a few words: one entry for each kind of the vocabulary."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from shardwright.grammar.rules import (
    NODE,
    Allow,
    Apart,
    Balance,
    Capacity,
    Cost,
    FewestMoves,
    Headroom,
    Leave,
    Nearness,
    NodeState,
    OnePerNode,
    Pack,
    Placed,
    Prefer,
    Replicas,
    Rule,
    Spread,
    Stay,
    Together,
)
from shardwright.grammar.spell import spell


def demand(rule: Rule) -> str:
    """What a rule asks for, in a few words."""
    return DEMANDS[type(rule.kind)](rule.kind)


def count_of_replicas(count: int) -> str:
    return f"{count} replica" if count == 1 else f"{count} replicas"


def wanted(kind: Replicas) -> str:
    where = f" in {kind.key} `{kind.value}`" if kind.key else ""
    if kind.least == kind.most:
        return f"{kind.least} wanted{where}"
    words = [
        f"{word} {count}"
        for word, count in (("at least", kind.least), ("at most", kind.most))
        if count is not None
    ]
    return " and ".join(words) + f" wanted{where}"


def _capacity_demand(kind: Capacity) -> str:
    if kind.replicas is not None:
        return f"at most {count_of_replicas(kind.replicas)} on a node"
    where = "on each node" if kind.over == NODE else f"in each {kind.over}"
    if kind.safe:
        return f"no more than the safe load {where}"
    return (
        f"no more than {kind.percent} % of capacity {where}"
        if kind.percent is not None
        else "no node beyond its capacity"
    )


def _spread_demand(kind: Spread) -> str:
    words = {
        "max": f"at most {count_of_replicas(kind.amount)} of a shard in one {kind.by}",
        "min_values": f"at least {kind.amount} values of {kind.by} for a shard",
        "max_values": f"at most {kind.amount} values of {kind.by} for a shard",
        "max_skew": f"a skew of at most {kind.amount} over {kind.by}",
    }
    return words[kind.limit]


DEMANDS: dict[type, Callable[[Any], str]] = {
    Allow: lambda kind: f"only nodes where `{spell(kind.test)}`" + (" (arrivals)" if kind.arrivals else ""),
    Apart: lambda kind: f"shards apart by {kind.by}",
    Balance: lambda kind: (
        "replicas even over nodes"
        if kind.replicas
        else f"load even over {kind.over}s within {kind.tolerance} %"
    ),
    Capacity: _capacity_demand,
    Cost: lambda kind: "low cost",
    FewestMoves: lambda kind: f"fewest {kind.unit}",
    Headroom: lambda kind: f"at least {kind.target} free {kind.of} for each free {kind.per}",
    Leave: lambda kind: (
        "shards leave" + (f" nodes where `{spell(kind.test)}`" if kind.test else " the nodes it speaks of")
    ),
    Nearness: lambda kind: "near nodes",
    NodeState: lambda kind: "nothing on down nodes, nothing new on draining ones",
    OnePerNode: lambda kind: "a node holds a shard once",
    Pack: lambda kind: "few nodes in use",
    Placed: lambda kind: "every shard has its replicas",
    Prefer: lambda kind: f"nodes where `{spell(kind.test)}` preferred",
    Replicas: wanted,
    Spread: _spread_demand,
    Stay: lambda kind: "shards stay",
    Together: lambda kind: f"shards together by {kind.by}",
}
