"""A problem as plain arrays for the kernel, with one weight for each level in place of the levels' order.

Level costs become one number by weights that fall from level to level. That is a guide for proposals only:
what a placement costs, level by level, is the certificate's word.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np

from shardwright.cluster.cluster import FloatArray, IntArray
from shardwright.grammar.rules import (
    Allow,
    Balance,
    Capacity,
    Cost,
    FewestMoves,
    Headroom,
    Leave,
    NodeState,
    OnePerNode,
    Placed,
    Prefer,
    Replicas,
    Rule,
    Spread,
    Stay,
)
from shardwright.solver.certify import What
from shardwright.solver.problem import Problem

REQUIRED_WEIGHT = 1e7
FIRST_WEIGHT = 1e5
LEVEL_RATIO = 10.0
NO_TOLERANCE_LIMIT = 1e18


class Tables(NamedTuple):
    """Shapes: S shards, N nodes, C shard classes, M measures, G sites with a meter, K label keys.

    `copies` (S) replicas of each shard; `home` (S, H) its settled nodes, -1 behind them. `weights` (M, S).
    `sites` (N, Q) the sites of a node, -1 behind them. `meter_start` (M * G + 1) delimits the rows of
    `limit`, `tolerated`, `soft` and `hard`: what an excess costs for each unit, and beyond what is tolerated.
    `always` and `arrive` (C, N) what a replica costs on a node, in any case and if it arrives there; `stay`
    (C, N) and `leave` (S) what it costs when a settled one leaves. `spread_start` (C + 1) delimits rows of
    `spread_key`, `spread_most` and `spread_cost`; `label` (K, N) values, -1 for none.
    """

    copies: IntArray
    of: IntArray
    home: IntArray
    weights: FloatArray
    sites: IntArray
    meter_start: IntArray
    limit: FloatArray
    tolerated: FloatArray
    soft: FloatArray
    hard: FloatArray
    always: FloatArray
    arrive: FloatArray
    stay: FloatArray
    leave: FloatArray
    spread_start: IntArray
    spread_key: IntArray
    spread_most: IntArray
    spread_cost: FloatArray
    label: IntArray


SUPPORTED = (
    Allow,
    Balance,
    Capacity,
    Cost,
    FewestMoves,
    Headroom,
    Leave,
    NodeState,
    OnePerNode,
    Placed,
    Prefer,
    Replicas,
    Spread,
    Stay,
)


def not_searched(problem: Problem) -> list[str]:
    """What of a problem the kernel has no term for yet, in words."""
    found = [rule for rule in problem.rules if not _has_term(problem, rule)]
    words = [f"`{rule.owner}` ({rule.kind.name})" for rule in found]
    if int(problem.ceiling.max(initial=0)) > len(problem.cluster.nodes.ids):
        words.append("more replicas than nodes")
    return list(dict.fromkeys(words))


def _has_term(problem: Problem, rule: Rule) -> bool:
    kind = rule.kind
    if not problem.requirements.speaks[rule.id].any():
        return True
    if isinstance(kind, Spread):
        return kind.limit == "max" and rule.enforcement != "no_worse"
    if isinstance(kind, Cost):
        return kind.per_replica
    if isinstance(kind, Replicas):
        return kind.key is None and bool((problem.floor == problem.ceiling).all())
    local = rule.enforcement == "no_worse" and not isinstance(kind, (Capacity, Balance, Headroom))
    return isinstance(kind, SUPPORTED) and not local


@dataclass(frozen=True)
class Weighing:
    """What one unit of each rule's amount costs the kernel."""

    problem: Problem
    by_rule: dict[int, float]

    def __getitem__(self, rule: Rule) -> float:
        return self.by_rule[rule.id]


def weigh(problem: Problem, sharpness: float) -> Weighing:
    """Falling weights by level, in natural units: a mean replica's load for measures, one for the rest.

    `sharpness` sets what must not be given up further apart from what is merely wished.
    """
    unit: defaultdict[int, float] = defaultdict(lambda: 1.0)
    for meter in problem.meters:
        weights = np.abs(problem.measures[meter.measure].weights)
        unit[meter.rule] = max(unit[meter.rule], float(weights.mean()) * meter.factor, 1.0)
    by_rule = {}
    for rule in problem.rules:
        if rule.level is None:
            by_rule[rule.id] = REQUIRED_WEIGHT * sharpness / unit[rule.id]
        else:
            rank = problem.levels.index(rule.level)
            strict = sharpness if rule.level[0] == 1 else 1.0
            by_rule[rule.id] = strict * FIRST_WEIGHT / LEVEL_RATIO**rank / unit[rule.id]
    return Weighing(problem, by_rule)


def tables_of(problem: Problem, tolerated: dict[tuple[int, What], int], sharpness: float = 1.0) -> Tables:
    """The arrays of a problem all of whose rules have a term."""
    weighing = weigh(problem, sharpness)
    sites, meters = _meters(problem, weighing, tolerated)
    return Tables(
        problem.ceiling.astype(np.int32),
        problem.requirements.classes.shards.of.astype(np.int32),
        _home(problem),
        np.array([m.weights for m in problem.measures], dtype=float).reshape(len(problem.measures), -1),
        sites,
        *meters,
        *_replica_costs(problem, weighing),
        *_spread(problem, weighing),
    )


def _home(problem: Problem) -> IntArray:
    settled, most = problem.cluster.settled, int(problem.settled_count.max(initial=0))
    home = np.full((len(problem.settled_count), max(1, most)), -1, dtype=np.int32)
    filled = np.zeros(len(problem.settled_count), dtype=np.int32)
    for shard, node in zip(settled.shard.tolist(), settled.node.tolist(), strict=True):
        home[shard, filled[shard]] = node
        filled[shard] += 1
    return home


def _meters(
    problem: Problem, weighing: Weighing, tolerated: dict[tuple[int, What], int]
) -> tuple[IntArray, tuple[Any, ...]]:
    """Sites of nodes, and the meters sorted by measure and site."""
    numbers = sorted({meter.site.number for meter in problem.meters})
    dense = {number: at for at, number in enumerate(numbers)}
    of_node: defaultdict[int, list[int]] = defaultdict(list)
    for site in {meter.site.number: meter.site for meter in problem.meters}.values():
        for node in site.nodes.tolist():
            of_node[node].append(dense[site.number])
    widest = max((len(found) for found in of_node.values()), default=0)
    sites = np.full((len(problem.cluster.nodes.ids), max(1, widest)), -1, dtype=np.int32)
    for node, found in of_node.items():
        sites[node, : len(found)] = sorted(found)
    rows = sorted(problem.meters, key=lambda m: (m.measure, dense[m.site.number], m.rule))
    cells = [meter.measure * len(dense) + dense[meter.site.number] for meter in rows]
    start = np.searchsorted(np.array(cells), np.arange(len(problem.measures) * len(dense) + 1)).astype(
        np.int32
    )
    costs = [_meter_costs(problem, weighing, meter, tolerated) for meter in rows]
    columns = np.array(costs, dtype=float).reshape(len(rows), 4)
    return sites, (start, *(np.ascontiguousarray(columns[:, at]) for at in range(4)))


def _meter_costs(
    problem: Problem, weighing: Weighing, meter: Any, tolerated: dict[tuple[int, What], int]
) -> tuple[float, float, float, float]:
    """Limit, tolerated excess, cost of a unit, and of a unit beyond what is tolerated."""
    rule = problem.rules[meter.rule]
    price = weighing[rule] * meter.factor * rule.weight
    if rule.enforcement == "required":
        return float(meter.limit), 0.0, 0.0, price
    if rule.enforcement == "no_worse":
        what = ("site", (meter.site.number, meter.measure))
        allowed = float(tolerated.get((meter.rule, what), 0))
        return float(meter.limit), allowed, price, price * REQUIRED_WEIGHT / FIRST_WEIGHT
    return float(meter.limit), NO_TOLERANCE_LIMIT, price, 0.0


def _replica_costs(problem: Problem, weighing: Weighing) -> tuple[FloatArray, ...]:
    """What single replicas cost: always, on arrival, when a settled one leaves."""
    classes = problem.requirements.classes
    shape = (classes.shards.size, len(problem.cluster.nodes.ids))
    always, arrive, stay = np.zeros(shape), np.zeros(shape), np.zeros(shape)
    leave = np.zeros(len(problem.ceiling))
    for rule in problem.rules:
        price = weighing[rule] * rule.weight
        speaks = problem.requirements.speaks[rule.id]
        match rule.kind:
            case Allow(arrivals=arrivals):
                (arrive if arrivals else always)[:] += price * ~_admitted(problem, rule) * speaks[:, None]
            case Leave():
                always += price * _admitted(problem, rule) * speaks[:, None]
            case Prefer(weight=weight):
                admitted = _admitted(problem, rule)
                always += price * abs(weight) * (admitted if weight < 0 else ~admitted) * speaks[:, None]
            case Cost():
                always += price * problem.quantities.price * speaks[:, None]
            case NodeState():
                always += price * _in_state(problem, "down")
                arrive += price * _in_state(problem, "draining", "maintenance")
            case Stay():
                stay += price * (_admitted(problem, rule) & ~_in_state(problem, "down")) * speaks[:, None]
            case FewestMoves():
                leave += price * _moved(problem, rule) * speaks[classes.shards.of]
    return always, arrive, stay, leave


def _admitted(problem: Problem, rule: Rule) -> Any:
    """Which nodes a rule admits for each shard class, shape (C, N)."""
    classes = problem.requirements.classes
    table = problem.requirements.admits.get(rule.id)
    if table is None:
        return np.zeros((classes.shards.size, len(classes.nodes.of)), dtype=bool)
    by_pair = table if table.ndim == 2 else np.broadcast_to(table, (classes.shards.size, len(table)))
    return by_pair[:, classes.nodes.of]


def _in_state(problem: Problem, *states: str) -> Any:
    state = problem.cluster.nodes.state
    return np.array([state.values[code] in states for code in state.codes.tolist()], dtype=bool)


def _moved(problem: Problem, rule: Rule) -> Any:
    measure = problem.move_measures.get(rule.id)
    return 1.0 if measure is None else problem.measures[measure].weights


def _spread(problem: Problem, weighing: Weighing) -> tuple[Any, ...]:
    """The spread rules of each class, and the label values of nodes by key."""
    labels = problem.cluster.nodes.labels
    rules = [rule for rule in problem.rules if isinstance(rule.kind, Spread)]
    keys = sorted({rule.kind.by for rule in rules if isinstance(rule.kind, Spread)} & set(labels))
    start, key, most, cost = [0], [], [], []
    for at in range(problem.requirements.classes.shards.size):
        for rule in rules:
            assert isinstance(rule.kind, Spread)
            if rule.kind.by in keys and problem.requirements.speaks[rule.id, at]:
                key.append(keys.index(rule.kind.by))
                most.append(rule.kind.amount)
                cost.append(weighing[rule] * rule.weight)
        start.append(len(key))
    values = [labels[name].codes for name in keys] or [np.full(len(problem.cluster.nodes.ids), -1)]
    return (
        np.array(start, dtype=np.int32),
        np.array(key, dtype=np.int32),
        np.array(most, dtype=np.int32),
        np.array(cost, dtype=float),
        np.array(values, dtype=np.int32),
    )
