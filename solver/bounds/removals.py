"""How many settled replicas must leave: on each node, the fewest that bring all limits in order at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from shardwright.solver.bounds.cover import Longs
from shardwright.solver.bounds.leavers import Flags, heaped, leavers
from shardwright.solver.bounds.pinned import staying
from shardwright.solver.bounds.subsets import Refuted, fewest_of_all
from shardwright.solver.problem import LevelKey, Problem

SPLITS = 400  # of each node with too much, to see that no fewer will do; none where there are more than
MOST_SPLIT = 64  # of these nodes: one leaving more among thousands is not worth the second that it takes


@dataclass(frozen=True)
class Removals:
    """Why so many leave at least: `gone` (rows of `cluster.settled`) leave anyway, `excused` of them may not.

    `nodes`: for each node with too much besides, what shows how many more leave. `more` leave for the sake
    of single shards.
    """

    count: int
    gone: tuple[int, ...]
    excused: int
    nodes: dict[int, Refuted]
    more: int


def removals(
    problem: Problem,
    known: dict[LevelKey, int],
    level: LevelKey,
    limit: Longs,
    together: Sequence[Sequence[int]],
) -> Removals:
    """Of all placements whose levels before this one cost no more than is known.

    `limit` has shape (nodes, measures). Of each of the lists `together` (rows of `cluster.settled`, all of
    one shard) one at least must leave.
    """
    found = leavers(problem, known, level)
    gone = found.gone | _on_down_nodes(problem)
    best = _removals(problem, known, level, limit, together, gone, 0)
    if found.excused < int((found.asked & ~gone).sum()):
        asked = gone | found.asked
        other = _removals(problem, known, level, limit, together, asked, found.excused)
        best = other if other.count > best.count else best
    return best


def _removals(
    problem: Problem,
    known: dict[LevelKey, int],
    level: LevelKey,
    limit: Longs,
    together: Sequence[Sequence[int]],
    gone: Flags,
    excused: int,
) -> Removals:
    """`excused` of those that are gone may stay: with them gone too, the others are no fewer."""
    nodes = _Nodes(problem, limit, gone)
    shown: dict[int, Refuted] = {}
    lifted = 0
    for node in np.flatnonzero(nodes.crowded).tolist():
        least, by = nodes.least(node)
        lifted += least
        if by is not None:
            shown[node] = by
    every, apart = heaped(problem, known, level, gone, nodes.crowded)
    # What single shards ask for on nodes that are not crowded, and of one shard anywhere, is not yet counted.
    single = (
        min(nodes.more_without(pair) for pair in pairs) - int(apart[problem.cluster.settled.shard[pairs[0]]])
        for pairs in together
        if pairs
    )
    more = max(int(apart.sum()) + max(0, *single, 0), int(every.sum()) - lifted)
    away = int(gone.sum())
    return Removals(
        away - excused + lifted + more, tuple(np.flatnonzero(gone).tolist()), excused, shown, more
    )


class _Nodes:
    """How many settled replicas must leave each node, besides those that are gone."""

    def __init__(self, problem: Problem, limit: Longs, gone: Flags) -> None:
        self.settled, self.limit, self.gone = problem.cluster.settled, limit, gone
        order = np.argsort(self.settled.node, kind="stable")
        self.order = order[~gone[order]]
        self.starts = np.searchsorted(self.settled.node[self.order], np.arange(len(limit) + 1))
        weights = np.array([measure.weights for measure in problem.measures], dtype=np.int64)
        self.weights = weights.reshape(len(problem.measures), len(problem.floor)).T
        load = np.zeros(limit.shape, dtype=np.int64)
        np.add.at(load, self.settled.node[self.order], self.weights[self.settled.shard[self.order]])
        self.crowded: Flags = np.asarray((load > limit).any(axis=1))
        self.free = ~staying(problem)
        self.splits = SPLITS if int(self.crowded.sum()) <= MOST_SPLIT else 0
        self.found: dict[tuple[int, int | None], tuple[int, Refuted | None]] = {}

    def least(self, node: int, gone: int | None = None) -> tuple[int, Refuted | None]:
        """The fewest, and what shows it; `gone`: without one of them (a row of `settled`)."""
        if (node, gone) not in self.found:
            self.found[node, gone] = self._least(node, gone)
        return self.found[node, gone]

    def _least(self, node: int, gone: int | None) -> tuple[int, Refuted | None]:
        rows = self.order[self.starts[node] : self.starts[node + 1]]
        rows = rows[rows != gone] if gone is not None else rows
        amounts = self.weights[self.settled.shard[rows]]
        excess = amounts.sum(axis=0) - self.limit[node]
        amounts = amounts[self.free[rows]]
        if not (excess > 0).any() or not len(amounts):
            return 0, None
        least, by = fewest_of_all(amounts, excess, self.splits)
        return min(least, len(amounts)), by

    def more_without(self, pair: int) -> int:
        """How many more leave its node if this one does (a row of `settled`)."""
        if self.gone[pair]:
            return 0
        node = int(self.settled.node[pair])
        return 1 + self.least(node, pair)[0] - self.least(node)[0]


def _on_down_nodes(problem: Problem) -> Flags:
    state, settled = problem.cluster.nodes.state, problem.cluster.settled
    down = np.array([value == "down" for value in state.values], dtype=bool)
    found: Flags = down[state.codes[settled.node]] if len(settled.node) else np.zeros(0, dtype=bool)
    return found
