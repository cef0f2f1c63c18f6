"""How many settled replicas must leave: on each node, the fewest that bring all limits in order at once."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from shardwright.solver.bounds.cover import Longs, fewest
from shardwright.solver.problem import Problem


def removals(
    problem: Problem, limit: Longs, together: Sequence[Sequence[int]] = ()
) -> tuple[int, dict[int, tuple[int, ...]]]:
    """Over all nodes, and for each node with too much the weights of its measures that show it.

    `limit` has shape (nodes, measures). Replicas on nodes that are down leave anyway. Of each of the lists
    of pairs `together` (rows of `cluster.settled`) one at least must leave.
    """
    nodes = _Nodes(problem, limit)
    count, shown = 0, {}
    for node in range(len(limit)):
        least, by = nodes.least(node)
        count += least
        if by is not None:
            shown[node] = by
    more = (min(nodes.more_without(pair) for pair in pairs) for pairs in together if pairs)
    return count + max(more, default=0), shown


class _Nodes:
    """How many settled replicas must leave each node."""

    def __init__(self, problem: Problem, limit: Longs) -> None:
        self.settled, self.limit = problem.cluster.settled, limit
        self.order = np.argsort(self.settled.node, kind="stable")
        self.starts = np.searchsorted(self.settled.node[self.order], np.arange(len(limit) + 1))
        weights = np.array([measure.weights for measure in problem.measures], dtype=np.int64)
        self.weights = weights.reshape(len(problem.measures), len(problem.floor)).T
        self.down = _down(problem)

    def least(self, node: int, gone: int | None = None) -> tuple[int, tuple[int, ...] | None]:
        """The fewest, and the weights that show it; `gone`: without one of them (a row of `settled`)."""
        rows = self.order[self.starts[node] : self.starts[node + 1]]
        amounts = self.weights[self.settled.shard[rows[rows != gone] if gone is not None else rows]]
        if self.down[node]:
            return len(amounts), None
        excess = amounts.sum(axis=0) - self.limit[node]
        if not (excess > 0).any() or not len(amounts):
            return 0, None
        least, by = fewest(amounts, excess)
        return min(least, len(amounts)), by

    def more_without(self, pair: int) -> int:
        """How many more leave its node if this one does (a row of `settled`)."""
        node = int(self.settled.node[pair])
        return 1 + self.least(node, pair)[0] - self.least(node)[0]


def _down(problem: Problem) -> list[bool]:
    state = problem.cluster.nodes.state
    return [state.values[code] == "down" for code in state.codes.tolist()]
