"""What limits on sums are passed by at least, when all that must be placed is added up."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

import numpy as np

from shardwright.grammar.rules import Rule
from shardwright.solver.meters import Meter
from shardwright.solver.problem import Problem


def overload(problem: Problem, rule: Rule) -> tuple[int, dict[str, Any]]:
    """The cost of a rule's excesses at least, and for each measure (load, room, least factor) that shows it.

    Only where the rule's sites share out all nodes that may hold anything: else load could go elsewhere.
    """
    by_measure: defaultdict[int, list[Meter]] = defaultdict(list)
    for meter in problem.meters:
        if meter.rule == rule.id:
            by_measure[meter.measure].append(meter)
    total, shown = 0, {}
    for measure, meters in sorted(by_measure.items()):
        weights = problem.measures[measure].weights
        if not _share_out(problem, meters) or (weights < 0).any():
            continue
        load = int(weights @ problem.floor.astype(np.int64))
        room = sum(meter.limit for meter in meters)
        factor = min(meter.factor for meter in meters)
        if load > room:
            total += (load - room) * factor
            shown[str(measure)] = (load, room, factor)
    return total * rule.weight, shown


def _share_out(problem: Problem, meters: list[Meter]) -> bool:
    """Whether each node that is not down is on exactly one of the sites."""
    times = np.zeros(len(problem.cluster.nodes.ids), dtype=np.int64)
    for meter in meters:
        times[meter.site.nodes] += 1
    state = problem.cluster.nodes.state
    down = np.array([state.values[code] == "down" for code in state.codes.tolist()], dtype=bool)
    return bool((times <= 1).all() and ((times == 1) | down).all())
