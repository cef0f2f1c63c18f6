"""Sentences for reasons: what a rule has to say about nodes, one function for each kind of the vocabulary.

A sentence stands beside the nodes that it is about, so it does not name them.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from shardwright.grammar.demands import count_of_replicas, wanted
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
    Statement,
    Stay,
    Together,
)
from shardwright.grammar.spell import spell
from shardwright.grammar.syntax import Condition
from shardwright.solver.why.exchange import Scales
from shardwright.solver.why.meters import Gauge
from shardwright.solver.why.reasons import Reason


@dataclass(frozen=True)
class Scene:
    """What sentences look up."""

    scales: Scales
    statements: tuple[Statement, ...] = ()

    def node_tests(self, rule: Rule) -> tuple[Condition, ...]:
        """The node conditions that a rule sees."""
        return next((one.tests_of(rule) for one in self.statements if one.policy == rule.policy), ())

    def gauge(self, reason: Reason) -> Gauge:
        assert reason.rule is not None
        known = self.scales.gauges[reason.rule.id]
        return next(gauge for gauge in known if gauge.measure == reason.measure)

    def states(self, reason: Reason) -> list[str]:
        return sorted(set(self.scales.standing.states[list(reason.nodes)].tolist()))


def text(reason: Reason, scene: Scene) -> str:
    """A reason as a sentence without a full stop."""
    if reason.rule is None:
        return "no rule is against it" if reason.say == "free" else "as good as where its replicas are"
    if reason.say == "stays":
        return "it stands here in the snapshot"
    return SAYINGS[type(reason.rule.kind)](reason.rule.kind, reason, scene)


def _better(reason: Reason) -> bool:
    return reason.say == "saves"


def _tested(kind: Allow, reason: Reason, scene: Scene) -> str:
    test = spell(kind.test)
    if reason.say in ("holds", "saves"):
        return f"`{test}` holds"
    arriving = ", as it must for what arrives" if kind.arrivals else ""
    return f"`{test}` does not hold{arriving}"


def _leave(kind: Leave, reason: Reason, scene: Scene) -> str:
    if _better(reason):
        return "a replica would leave a node that it should leave"
    assert reason.rule is not None
    tests = [*scene.node_tests(reason.rule), *([kind.test] if kind.test is not None else [])]
    where = " and ".join(spell(test) for test in tests)
    return f"it should leave nodes where `{where}`" if where else "it should leave every node"


def _node_state(kind: NodeState, reason: Reason, scene: Scene) -> str:
    states = scene.states(reason)
    return " or ".join(
        f"{state}: holds nothing" if state == "down" else f"{state}: takes nothing new" for state in states
    )


def _placed(kind: Placed, reason: Reason, scene: Scene) -> str:
    return "it would be one replica nearer to what it wants" if _better(reason) else "it has all its replicas"


def _one_per_node(kind: OnePerNode, reason: Reason, scene: Scene) -> str:
    return "a node holds a shard once"


def _stay(kind: Stay, reason: Reason, scene: Scene) -> str:
    if _better(reason):
        return "a replica would come back to where it should have stayed"
    return "a replica that should stay would have to make way"


def _replicas(kind: Replicas, reason: Reason, scene: Scene) -> str:
    verb = "would come nearer to" if _better(reason) else "would miss"
    return f"its number of replicas {verb} what is asked: {wanted(kind)}"


def _spread(kind: Spread, reason: Reason, scene: Scene) -> str:
    if _better(reason):
        return f"its replicas would be spread better over {kind.by}"
    values = f"{kind.amount} value{'' if kind.amount == 1 else 's'} of {kind.by}"
    return {
        "max": f"as many replicas of it as one {kind.by} may hold ({kind.amount}) are there",
        "min_values": f"its replicas would stand in fewer than {values}",
        "max_values": f"its replicas would stand in more than {values}",
        "max_skew": f"its replicas would be uneven over {kind.by} by more than {kind.amount}",
    }[kind.limit]


def _apart(kind: Apart, reason: Reason, scene: Scene) -> str:
    if _better(reason):
        return "shards that should be apart would be parted"
    where = "there" if kind.by == NODE else f"in the same {kind.by}"
    return f"shards that should be apart would meet {where}"


def _together(kind: Together, reason: Reason, scene: Scene) -> str:
    if _better(reason):
        return "shards that should be together would be"
    where = "there" if kind.by == NODE else f"in that {kind.by}"
    return f"not all shards that should be together would be {where}"


def _capacity(kind: Capacity, reason: Reason, scene: Scene) -> str:
    if _better(reason):
        return "less would be over a limit"
    if reason.alone:
        return _too_heavy(kind, reason, scene)
    if kind.replicas is not None:
        return f"a node may hold {count_of_replicas(kind.replicas)} of these shards, and does"
    gauge = scene.gauge(reason)
    name = scene.scales.standing.problem.measures[gauge.measure].name
    adds = int(scene.scales.standing.problem.measures[gauge.measure].weights[reason.shard])
    sites = sorted({int(gauge.site[node]) for node in reason.nodes if gauge.site[node] >= 0})
    if not sites:
        return f"{name} would be over a limit"
    limits = {int(gauge.limit[at]) for at in sites}
    free = max(int(gauge.limit[at] - gauge.total[at]) for at in sites)
    of = f" of {_number(limits.pop(), gauge)}" if len(limits) == 1 else ""
    most = "at most " if len(sites) > 1 and free > 0 else ""
    left = _number(free, gauge) if free > 0 else "none"
    return f"no room: it adds {_number(adds, gauge)} {name}, {most}{left}{of} left"


def _too_heavy(kind: Capacity, reason: Reason, scene: Scene) -> str:
    if kind.replicas is not None:
        return f"a node may hold {count_of_replicas(kind.replicas)} of these shards"
    gauge, problem = scene.gauge(reason), scene.scales.standing.problem
    measure = problem.measures[gauge.measure]
    adds, limit = int(measure.weights[reason.shard]), int(gauge.limit[gauge.site[reason.nodes[0]]])
    return f"too heavy: it adds {_number(adds, gauge)} {measure.name}, {_number(limit, gauge)} is the limit"


def _number(amount: int, gauge: Gauge) -> str:
    return f"{float(amount / gauge.scale):.6g}"


def _balance(kind: Balance, reason: Reason, scene: Scene) -> str:
    name = scene.scales.standing.problem.measures[scene.gauge(reason).measure].name
    return f"{name} would be {'more' if _better(reason) else 'less'} even"


def _headroom(kind: Headroom, reason: Reason, scene: Scene) -> str:
    word = "more" if _better(reason) else "less"
    return f"there would be {word} free {kind.of} for each free {kind.per}"


def _moves(kind: FewestMoves, reason: Reason, scene: Scene) -> str:
    if _better(reason):
        return "a replica would stay where it is in the snapshot"
    return {
        "moves": "a replica would leave where it is in the snapshot",
        "bytes": "more bytes would move",
        "cost": "moving would cost more",
    }[kind.unit]


def _prefer(kind: Prefer, reason: Reason, scene: Scene) -> str:
    test = f"`{spell(kind.test)}`"
    if kind.weight < 0:
        return f"{test} {'does not hold' if _better(reason) else 'holds'}, which is better avoided"
    return f"{test} {'holds' if _better(reason) else 'does not hold'}, which is preferred"


def _pack(kind: Pack, reason: Reason, scene: Scene) -> str:
    return "a node fewer would be in use" if _better(reason) else "a node more would be in use"


def _cost(kind: Cost, reason: Reason, scene: Scene) -> str:
    assert reason.rule is not None
    scale = scene.scales.standing.problem.quantities.price_scale * reason.rule.weight
    least, most = sorted(abs(one) for one in (reason.least, reason.most))
    low, high = (f"{float(one / scale):.6g}" for one in (least, most))
    span = low if low == high else f"{low} to {high}"
    return f"an hour would cost {span} {'less' if _better(reason) else 'more'}"


def _nearness(kind: Nearness, reason: Reason, scene: Scene) -> str:
    source = f"`{kind.source}`" if kind.source else "its home"
    return f"it would be {'nearer to' if _better(reason) else 'farther from'} {source}"


SAYINGS: dict[type, Callable[[Any, Reason, Scene], str]] = {
    Allow: _tested,
    Apart: _apart,
    Balance: _balance,
    Capacity: _capacity,
    Cost: _cost,
    FewestMoves: _moves,
    Headroom: _headroom,
    Leave: _leave,
    Nearness: _nearness,
    NodeState: _node_state,
    OnePerNode: _one_per_node,
    Pack: _pack,
    Placed: _placed,
    Prefer: _prefer,
    Replicas: _replicas,
    Spread: _spread,
    Stay: _stay,
    Together: _together,
}
