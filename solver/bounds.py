"""Lower bounds that need no solver: what no placement can go below, by counting.

They assume that every rule binds: bounds for a problem in which nothing is given up.
"""

from __future__ import annotations

from collections import defaultdict

import numpy as np

from shardwright.grammar.rules import FewestMoves, Pack, Rule
from shardwright.solver.digits import Digits
from shardwright.solver.meters import Meter
from shardwright.solver.problem import LevelKey, Problem
from shardwright.solver.quantities import LongArray


def lower_bounds(digits: Digits) -> dict[LevelKey, int]:
    """A lower bound for each level, 0 where counting says nothing; empty unless every rule binds."""
    problem = digits.problem
    if not digits.strict:
        return {}
    limits = [meter for meter in problem.meters if digits.binds(problem.rules[meter.rule])]
    bounds: defaultdict[LevelKey, int] = defaultdict(int)
    for rule in problem.rules:
        if rule.level is None or rule.enforcement != "goal":
            continue
        if isinstance(rule.kind, FewestMoves) and rule.kind.unit == "moves" and _speaks_to_all(problem, rule):
            bounds[rule.level] += rule.weight * removals(problem, limits)
        elif isinstance(rule.kind, Pack):
            bounds[rule.level] += rule.weight * fewest_nodes(problem, rule, limits)
    return dict(bounds)


def _speaks_to_all(problem: Problem, rule: Rule) -> bool:
    return bool(problem.requirements.speaks[rule.id].all())


def removals(problem: Problem, limits: list[Meter]) -> int:
    """How many settled replicas must leave: on each node, the fewest that bring each limit in order."""
    settled = problem.cluster.settled
    by_node = np.argsort(settled.node, kind="stable")
    starts = np.searchsorted(settled.node[by_node], np.arange(len(problem.cluster.nodes.ids) + 1))
    needed = np.zeros(len(problem.cluster.nodes.ids), dtype=np.int64)
    for meter in limits:
        if len(meter.site.nodes) != 1:
            continue
        node = int(meter.site.nodes[0])
        shards = settled.shard[by_node[starts[node] : starts[node + 1]]]
        weights = problem.measures[meter.measure].weights[shards]
        needed[node] = max(needed[node], _largest_first(weights, int(weights.sum()) - meter.limit))
    return int(needed.sum())


def _largest_first(weights: LongArray, excess: int) -> int:
    """The fewest numbers that add up to an excess."""
    if excess <= 0:
        return 0
    taken = np.cumsum(np.sort(weights)[::-1])
    return min(int(np.searchsorted(taken, excess)) + 1, len(weights))


def fewest_nodes(problem: Problem, rule: Rule, limits: list[Meter]) -> int:
    """How many nodes the governed load takes at least, if the roomiest are taken first; per measure."""
    governed = problem.requirements.speaks[rule.id][problem.requirements.classes.shards.of]
    admits = problem.requirements.admits.get(rule.id)
    counted = np.zeros(len(problem.cluster.nodes.ids), dtype=bool)
    if admits is not None and admits.ndim == 1:
        counted = admits[problem.requirements.classes.nodes.of]
    if not counted.all() or not governed.any():
        return 0
    rooms: defaultdict[int, dict[int, int]] = defaultdict(dict)
    for meter in limits:
        if len(meter.site.nodes) == 1:
            room = rooms[meter.measure]
            room[meter.site.number] = min(meter.limit, room.get(meter.site.number, meter.limit))
    least = int(problem.floor[governed].max(initial=0))
    for measure, room in rooms.items():
        total = int(np.dot(problem.measures[measure].weights[governed], problem.floor[governed]))
        if len(room) == len(counted):
            least = max(least, _roomiest_first(np.array(list(room.values()), dtype=np.int64), total))
    return least


def _roomiest_first(room: LongArray, total: int) -> int:
    if total <= 0:
        return 0
    taken = np.cumsum(np.sort(np.maximum(room, 0))[::-1])
    return min(int(np.searchsorted(taken, total)) + 1, len(room))
