"""Which limits bind where some levels are known to cost nothing."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from shardwright.grammar.rules import Rule
from shardwright.solver.bounds.cover import Longs
from shardwright.solver.problem import LevelKey, Problem


@dataclass(frozen=True)
class NodeLimits:
    """Limits on single nodes that bind: `limit` has shape (nodes, measures), UNLIMITED where none is."""

    limit: Longs


UNLIMITED = 2**60


def binding(problem: Problem, costs: dict[LevelKey, int], level: LevelKey) -> NodeLimits:
    """The limits of nodes that every placement keeps whose more important levels cost no more than `costs`.

    A level that costs nothing binds all its limits; a no_worse rule always binds what is tolerated of it.
    """
    nodes = len(problem.cluster.nodes.ids)
    limit = np.full((nodes, len(problem.measures)), UNLIMITED, dtype=np.int64)
    settled = SettledLoads(problem)
    for meter in problem.meters:
        rule = problem.rules[meter.rule]
        if meter.site.number >= nodes or not _binds(rule, costs, level):
            continue
        node, most = meter.site.number, meter.limit
        if rule.level is not None and not _costs_nothing(rule, costs, level):
            most = max(most, settled.of(meter.measure)[node])
        limit[node, meter.measure] = min(limit[node, meter.measure], most)
    return NodeLimits(limit)


def kept(problem: Problem, costs: dict[LevelKey, int], level: LevelKey) -> list[Rule]:
    """The rules of which every placement keeps all whose more important levels cost no more than `costs`."""
    return [
        rule
        for rule in problem.rules
        if rule.enforcement == "required" or (rule.level is not None and _costs_nothing(rule, costs, level))
    ]


def _binds(rule: Rule, costs: dict[LevelKey, int], level: LevelKey) -> bool:
    return rule.enforcement in ("required", "no_worse") or _costs_nothing(rule, costs, level)


def _costs_nothing(rule: Rule, costs: dict[LevelKey, int], level: LevelKey) -> bool:
    return rule.level is None or (rule.level < level and costs[rule.level] == 0)


class SettledLoads:
    """What the settled replicas add to each node, by measure."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self.known: dict[int, Longs] = {}

    def of(self, measure: int) -> Longs:
        if measure not in self.known:
            settled = self.problem.cluster.settled
            load = np.zeros(len(self.problem.cluster.nodes.ids), dtype=np.int64)
            np.add.at(load, settled.node, self.problem.measures[measure].weights[settled.shard])
            self.known[measure] = load
        return self.known[measure]
