"""How many settled replicas must leave: on each node, the fewest that bring all limits in order at once."""

from __future__ import annotations

import numpy as np

from shardwright.solver.bounds.cover import Longs, fewest
from shardwright.solver.problem import Problem


def removals(problem: Problem, limit: Longs) -> tuple[int, dict[int, tuple[int, ...]]]:
    """Over all nodes, and for each node with too much the weights of its measures that show it.

    `limit` has shape (nodes, measures). Replicas on nodes that are down leave anyway.
    """
    settled = problem.cluster.settled
    by_node = np.argsort(settled.node, kind="stable")
    starts = np.searchsorted(settled.node[by_node], np.arange(len(limit) + 1))
    weights = np.array([measure.weights for measure in problem.measures], dtype=np.int64)
    weights = weights.reshape(len(problem.measures), len(problem.floor)).T
    down = _down(problem)
    count, shown = 0, {}
    for node in range(len(limit)):
        amounts = weights[settled.shard[by_node[starts[node] : starts[node + 1]]]]
        if down[node]:
            count += len(amounts)
            continue
        excess = amounts.sum(axis=0) - limit[node]
        if (excess > 0).any() and len(amounts):
            least, by = fewest(amounts, excess)
            count += min(least, len(amounts))
            shown[node] = by
    return count, shown


def _down(problem: Problem) -> list[bool]:
    state = problem.cluster.nodes.state
    return [state.values[code] == "down" for code in state.codes.tolist()]
