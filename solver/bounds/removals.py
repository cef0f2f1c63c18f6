"""How many settled replicas must leave: on each node, the fewest that bring all limits in order at once."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from shardwright.solver.bounds.cover import Longs
from shardwright.solver.bounds.subsets import Refuted, fewest_of_all
from shardwright.solver.problem import Problem

SPLITS = 20_000  # of the nodes with too much together, to see that no fewer will do
SPLITS_EACH = 400


def removals(
    problem: Problem, limit: Longs, together: Sequence[Sequence[int]] = ()
) -> tuple[int, dict[int, Refuted]]:
    """Over all nodes, and for each node with too much what shows it.

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
        load = np.zeros(limit.shape, dtype=np.int64)
        np.add.at(load, self.settled.node, self.weights[self.settled.shard])
        crowded = int((load > limit).any(axis=1).sum())
        self.splits = min(SPLITS_EACH, SPLITS // max(1, crowded))
        self.found: dict[tuple[int, int | None], tuple[int, Refuted | None]] = {}

    def least(self, node: int, gone: int | None = None) -> tuple[int, Refuted | None]:
        """The fewest, and what shows it; `gone`: without one of them (a row of `settled`)."""
        if (node, gone) not in self.found:
            self.found[node, gone] = self._least(node, gone)
        return self.found[node, gone]

    def _least(self, node: int, gone: int | None) -> tuple[int, Refuted | None]:
        rows = self.order[self.starts[node] : self.starts[node + 1]]
        amounts = self.weights[self.settled.shard[rows[rows != gone] if gone is not None else rows]]
        if self.down[node]:
            return len(amounts), None
        excess = amounts.sum(axis=0) - self.limit[node]
        if not (excess > 0).any() or not len(amounts):
            return 0, None
        least, by = fewest_of_all(amounts, excess, self.splits)
        return min(least, len(amounts)), by

    def more_without(self, pair: int) -> int:
        """How many more leave its node if this one does (a row of `settled`)."""
        node = int(self.settled.node[pair])
        return 1 + self.least(node, pair)[0] - self.least(node)[0]


def _down(problem: Problem) -> list[bool]:
    state = problem.cluster.nodes.state
    return [state.values[code] == "down" for code in state.codes.tolist()]
