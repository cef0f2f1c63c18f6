"""Places for some shards beside all others, by the logic or by search."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from shardwright.cluster.cluster import IntArray
from shardwright.grammar.rules import Rule
from shardwright.solver.certify import Pair
from shardwright.solver.conflicts import caps
from shardwright.solver.conflicts.only import only
from shardwright.solver.conflicts.part import part_of
from shardwright.solver.conflicts.today.evacuation import Evacuation
from shardwright.solver.conflicts.today.keeping import Keeping
from shardwright.solver.conflicts.today.loads import Held, Loads
from shardwright.solver.exact import any_placement
from shardwright.solver.outcome import Limits
from shardwright.solver.problem import Problem
from shardwright.solver.processes import WorkerFailed
from shardwright.solver.recertify import Pairs


def solved(keeping: Keeping, anew: IntArray, loads: Loads, held: Sequence[Held]) -> Pairs | None:
    """Places for all of the shards, or None."""
    nodes = _candidates(keeping, anew, loads, held)
    part = keeping.less(part_of(only(keeping.problem, keeping.numbers), anew, nodes), loads, held)
    outcome = _any(_with_hard_limits(part.problem), keeping.limits)
    if outcome is None:
        return None
    pairs = np.array(outcome, dtype=np.int32).reshape(-1, 2)
    return np.stack([part.shards[pairs[:, 0]], part.nodes[pairs[:, 1]]], axis=1)


def _candidates(keeping: Keeping, anew: IntArray, loads: Loads, held: Sequence[Held]) -> IntArray:
    """Of each kind of nodes those with most room, as many as can be looked at."""
    kinds = keeping.homes.nodes
    pairs = caps.MAX_EASY if len(anew) <= caps.MAX_FEW else caps.MAX_PAIRS
    most = max(1, pairs // (len(anew) * (int(kinds.max(initial=0)) + 1)))
    for one in held:
        loads = loads if one.uncounted & keeping.numbers else loads.plus(one.pairs)
    room = Evacuation(keeping, np.zeros((0, 2), dtype=np.int32), anew, loads)
    share = (room.free / np.maximum(room.weights[anew].max(axis=0, initial=0), 1)).min(axis=1, initial=np.inf)
    order = np.lexsort((np.arange(len(kinds)), -share, kinds))
    rank = np.arange(len(order)) - np.searchsorted(kinds[order], kinds[order])
    return np.sort(order[rank < most]).astype(np.int32)


def _with_hard_limits(problem: Problem) -> Problem:
    """Limits that have room for what is tolerated already tolerate nothing more."""
    measured = {meter.rule for meter in problem.meters}

    def hard(rule: Rule) -> Rule:
        is_soft = rule.id in measured and rule.enforcement == "no_worse"
        return replace(rule, enforcement="required") if is_soft else rule

    rules = tuple(map(hard, problem.rules))
    return replace(problem, requirements=replace(problem.requirements, rules=rules))


def _any(problem: Problem, limits: Limits) -> list[Pair] | None:
    """Any placement of a small problem that keeps its rules."""
    from shardwright.solver.search.propose import solve_search

    try:
        if len(problem.cluster.shards.ids) * len(problem.cluster.nodes.ids) <= caps.MAX_EASY:
            return any_placement(problem, limits, caps.MAX_EFFORT)
        found = solve_search(
            problem, limits, workers=1, seed=1, steps=caps.MAX_WITNESS_STEPS, search_until=limits.deadline
        )
    except WorkerFailed as failed:
        if failed.setting is None:
            raise
        return None
    return found.placement if found.status == "feasible" else None
