"""Sentences for what is broken or given up: one function for each kind of the vocabulary."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from shardwright.grammar.demands import count_of_replicas, wanted
from shardwright.grammar.rules import (
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
from shardwright.solver.certify import Broken
from shardwright.solver.names import Names

Say = Callable[[Any, Broken, Names], str]


def sentence(rule: Rule, broken: Broken, names: Names) -> str:
    """What is broken, in a sentence without a full stop."""
    return SAYINGS[type(rule.kind)](rule.kind, broken, names)


def _pair(broken: Broken, names: Names) -> tuple[str, str]:
    shard, node = broken.what[1]
    return names.shard(shard), names.node(node)


def _allow(kind: Allow, broken: Broken, names: Names) -> str:
    shard, node = _pair(broken, names)
    verb = "arrives" if kind.arrivals else "stands"
    return f"{shard} {verb} on {node}, where `{spell(kind.test)}` does not hold"


def _leave(kind: Leave, broken: Broken, names: Names) -> str:
    shard, node = _pair(broken, names)
    return f"{shard} stands on {node}, which it should leave"


def _stay(kind: Stay, broken: Broken, names: Names) -> str:
    shard, node = _pair(broken, names)
    return f"{shard} leaves {node}, where it should stay"


def _moves(kind: FewestMoves, broken: Broken, names: Names) -> str:
    shard, node = _pair(broken, names)
    return f"{shard} leaves {node}"


def _costs_there(kind: Prefer | Cost | Nearness, broken: Broken, names: Names) -> str:
    if broken.what[0] == "node":
        return _in_use(kind, broken, names)
    shard, node = _pair(broken, names)
    return f"{shard} on {node} costs {broken.amount}"


def _in_use(kind: object, broken: Broken, names: Names) -> str:
    return f"{names.node(broken.what[1][0])} is in use"


def _node_state(kind: NodeState, broken: Broken, names: Names) -> str:
    shard, node = _pair(broken, names)
    state = names.problem.cluster.nodes.state
    word = state.values[state.codes[broken.what[1][1]]]
    return (
        f"{shard} stands on {node}, which is down"
        if word == "down"
        else f"{shard} arrives on {node} ({word})"
    )


def _one_per_node(kind: OnePerNode, broken: Broken, names: Names) -> str:
    shard, node = _pair(broken, names)
    return f"{shard} is on {node} {broken.amount + 1} times"


def _placed(kind: Placed, broken: Broken, names: Names) -> str:
    if broken.what[0] == "replica":
        shard, node = _pair(broken, names)
        return f"{shard} is not on {node}, where it is asked to be"
    shard = names.shard(broken.what[1][0])
    floor, ceiling = (int(table[broken.what[1][0]]) for table in (names.problem.floor, names.problem.ceiling))
    span = str(floor) if floor == ceiling else f"{floor} to {ceiling}"
    direction = "too few" if broken.too_few else "too many"
    return f"{shard} has {count_of_replicas(broken.amount)} {direction} ({span} wanted)"


def _count(kind: Replicas, broken: Broken, names: Names) -> str:
    shard = names.shard(broken.what[1][0])
    where = f" in {names.value(broken.what[1][1])}" if len(broken.what[1]) > 1 else ""
    return f"{shard} has {count_of_replicas(broken.amount)} {_direction(kind, broken)}{where}: {wanted(kind)}"


def _direction(kind: Replicas, broken: Broken) -> str:
    return "too few" if kind.most is None or broken.too_few else "too many"


def _spread(kind: Spread, broken: Broken, names: Names) -> str:
    shard = names.shard(broken.what[1][0])
    if kind.limit == "max":
        where = names.value(broken.what[1][1])
        return (
            f"{shard} has {count_of_replicas(kind.amount + broken.amount)} in {where}, {kind.amount} allowed"
        )
    if kind.limit == "min_values":
        return f"{shard} stands in {kind.amount - broken.amount} values of {kind.by}, {kind.amount} wanted"
    if kind.limit == "max_values":
        return f"{shard} stands in {kind.amount + broken.amount} values of {kind.by}, {kind.amount} allowed"
    return (
        f"{shard} is uneven over {kind.by} by {kind.amount + broken.amount} replicas, {kind.amount} allowed"
    )


def _apart(kind: Apart, broken: Broken, names: Names) -> str:
    shard, value = broken.what[1]
    return f"{names.shard(shard)} shares {names.value(value)} with a shard that it should be apart from"


def _together(kind: Together, broken: Broken, names: Names) -> str:
    shard, value = broken.what[1]
    return f"{names.shard(shard)} stands in {names.value(value)} without all shards that it should be with"


def _meter(kind: Capacity | Balance | Headroom, broken: Broken, names: Names) -> str:
    site, measure = broken.what[1]
    meter = names.meter(broken.rule, site, measure)
    over, limit = names.quantity(broken.amount, meter), names.quantity(meter.limit, meter)
    if isinstance(kind, Headroom):
        return f"{names.site(meter)} lacks {over} of {names.measure(meter)}"
    return f"{names.site(meter)} is over its limit of {limit} {names.measure(meter)} by {over}"


SAYINGS: dict[type, Say] = {
    Allow: _allow,
    Apart: _apart,
    Balance: _meter,
    Capacity: _meter,
    Cost: _costs_there,
    FewestMoves: _moves,
    Headroom: _meter,
    Leave: _leave,
    Nearness: _costs_there,
    NodeState: _node_state,
    OnePerNode: _one_per_node,
    Pack: _in_use,
    Placed: _placed,
    Prefer: _costs_there,
    Replicas: _count,
    Spread: _spread,
    Stay: _stay,
    Together: _together,
}
