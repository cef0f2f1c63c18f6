"""What today's placement has of rules that may not get worse."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from shardwright.solver.certify import tolerance
from shardwright.solver.conflicts.part import Tolerated
from shardwright.solver.outcome import Limits
from shardwright.solver.problem import Problem


def tolerated_of(problem: Problem, limits: Limits) -> Tolerated:
    """Limits of sites are added up here, the same for a hundred thousand shards; the logic does the rest."""
    found = _excesses(problem)
    measured = {meter.rule for meter in problem.meters}
    if any(rule.enforcement == "no_worse" and rule.id not in measured for rule in problem.rules):
        single = replace(problem, meters=())
        found |= tolerance(single, limits.deadline, limits.memory_limit_mb)
    return found


def _excesses(problem: Problem) -> Tolerated:
    settled = problem.cluster.settled
    found: Tolerated = {}
    nodes = len(problem.cluster.nodes.ids)
    again = (np.diff(settled.shard, prepend=-1) == 0) & (np.diff(settled.node, prepend=-1) == 0)
    pairs = settled.shard[~again], settled.node[~again]
    totals: dict[int, list[int]] = {}
    for meter in problem.meters:
        if problem.rules[meter.rule].enforcement != "no_worse":
            continue
        if meter.measure not in totals:
            weights = problem.measures[meter.measure].weights[pairs[0]]
            total = np.zeros(nodes, dtype=np.int64)
            np.add.at(total, pairs[1], weights)
            totals[meter.measure] = total.tolist()
        total_here = sum(totals[meter.measure][node] for node in meter.site.nodes.tolist())
        excess = total_here - meter.limit
        if excess > 0:
            found[meter.rule, ("site", (meter.site.number, meter.measure))] = excess
    return found
