"""What cannot fit by mere addition: more load than all nodes together may take.

A solver would look for this pigeonhole for ever; adding up finds it at once.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

import numpy as np

from shardwright.grammar.rules import NODE
from shardwright.solver.certify import tolerance
from shardwright.solver.meters import Meter
from shardwright.solver.problem import Problem


@dataclass(frozen=True)
class Shortage:
    """A rule under which the nodes take less of a measure than the shards need, in the user's numbers."""

    rule: int
    measure: str
    needed: float
    offered: float


def shortage(
    problem: Problem, deadline: float | None = None, memory_limit_mb: int | None = None
) -> Shortage | None:
    """The first rule that no placement of all replicas can keep, if adding up shows one."""
    suspects = [group for group in _groups(problem) if _needed(problem, group) > _offered(problem, group, {})]
    if not suspects:
        return None
    tolerated = {
        (rule, *what[1]): amount
        for (rule, what), amount in tolerance(problem, deadline, memory_limit_mb).items()
        if what[0] == "site"
    }
    for group in suspects:
        needed, offered = _needed(problem, group), _offered(problem, group, tolerated)
        if needed > offered:
            scale, name = group[0].scale, problem.measures[group[0].measure].name
            return Shortage(group[0].rule, name, float(needed / scale), float(offered / scale))
    return None


def _groups(problem: Problem) -> list[list[Meter]]:
    """The limits of rules that bind every node, by rule and measure; measures only that add."""
    groups: defaultdict[tuple[int, int], list[Meter]] = defaultdict(list)
    for meter in problem.meters:
        binds = problem.rules[meter.rule].enforcement in ("required", "no_worse")
        if (
            binds
            and meter.site.key == NODE
            and int(problem.measures[meter.measure].weights.min(initial=0)) >= 0
        ):
            groups[meter.rule, meter.measure].append(meter)
    up = {
        row
        for row, code in enumerate(problem.cluster.nodes.state.codes.tolist())
        if not _is_down(problem, code)
    }
    return [group for group in groups.values() if up <= {meter.site.number for meter in group}]


def _is_down(problem: Problem, code: int) -> bool:
    return problem.cluster.nodes.state.values[code] == "down"


def _needed(problem: Problem, group: list[Meter]) -> int:
    weights = problem.measures[group[0].measure].weights
    return int(np.dot(weights, problem.floor.astype(np.int64)))


def _offered(problem: Problem, group: list[Meter], tolerated: dict[tuple[int, ...], int]) -> int:
    codes = problem.cluster.nodes.state.codes
    return sum(
        max(0, meter.limit) + tolerated.get((meter.rule, meter.site.number, meter.measure), 0)
        for meter in group
        if not _is_down(problem, int(codes[meter.site.number]))
    )
