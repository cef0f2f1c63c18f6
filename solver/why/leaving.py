"""Who leaves a crowded node, chosen anew: as many as before, one of them given, and as few others as can be.

Where a node holds too much, the fewest that can leave are often a choice that hardly any other can stand in
for. When a certain replica is to leave too, search rarely hits upon the few that go with it; a whole number
program of one node does (HiGHS). What it finds is a proposal like any other.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from shardwright.cluster.cluster import IntArray
from shardwright.grammar.rules import FewestMoves
from shardwright.solver.bounds.limits import UNLIMITED, binding
from shardwright.solver.bounds.pinned import staying
from shardwright.solver.problem import LevelKey, Problem

NODES_LOOKED_AT = 200  # of the branch and bound: the same end on every computer

Flags = NDArray[np.bool_]


class Leaving:
    """A placement (rows: shard, node), and what each node may hold when its levels cost no more."""

    def __init__(self, problem: Problem, placement: IntArray, costs: dict[LevelKey, int]) -> None:
        self.problem, self.placement = problem, placement
        moves = [rule.level for rule in problem.rules if isinstance(rule.kind, FewestMoves)]
        level = next((level for level in moves if level is not None), None)
        self.limit = None if level is None else binding(problem, costs, level).limit
        measures = problem.measures
        weights = np.array([measure.weights for measure in measures], dtype=np.int64)
        self.weights = weights.reshape(len(measures), len(problem.floor)).T
        settled = problem.cluster.settled
        self.stays = np.isin(self._codes(settled.shard, settled.node), self._codes(*placement.T))
        self.pinned = staying(problem)

    def around(self, shard: int, node: int) -> Iterator[IntArray]:
        """Placements with a replica of a shard on the node: for each crowded node where the shard stands at
        home, one where it leaves there, no more leave than before, and those that leave have no place yet.
        """
        settled = self.problem.cluster.settled
        for row in np.flatnonzero((settled.shard == shard) & self.stays & ~self.pinned).tolist():
            rows = np.flatnonzero(settled.node == settled.node[row])
            found = self._chosen(rows, row)
            if found is not None:
                yield self._exchanged(rows, found, (shard, node))

    def _chosen(self, rows: NDArray[np.intp], given: int) -> Flags | None:
        """Which of the settled replicas of a node leave, the given one among them; None if that needs more
        than now, or none need leave.
        """
        if self.limit is None or self.stays[rows].all():
            return None
        node = int(self.problem.cluster.settled.node[given])
        amounts = self.weights[self.problem.cluster.settled.shard[rows]]
        on = self.placement[self.placement[:, 1] == node, 0]
        excess = self.weights[on].sum(axis=0) + amounts[~self.stays[rows]].sum(axis=0) - self.limit[node]
        asked = np.flatnonzero((self.limit[node] < UNLIMITED) & (excess > 0))
        return _fewest_others(
            amounts[:, asked] / np.maximum(1, excess[asked]),
            now=~self.stays[rows],
            least=rows == given,
            most=~self.pinned[rows],
        )

    def _exchanged(self, rows: NDArray[np.intp], leaves: Flags, pair: tuple[int, int]) -> IntArray:
        settled = self.problem.cluster.settled
        node = int(settled.node[rows[0]])
        gone = settled.shard[rows[leaves & self.stays[rows]]]
        back = settled.shard[rows[~leaves & ~self.stays[rows]]]
        kept = self.placement[~((self.placement[:, 1] == node) & np.isin(self.placement[:, 0], gone))]
        for shard in back.tolist():
            away = self._away(kept, shard, node)
            if away is not None:
                kept[away, 1] = node
        return np.concatenate([kept, np.array([pair], dtype=kept.dtype)])

    def _away(self, placement: IntArray, shard: int, node: int) -> int | None:
        """The replica of a shard (a row of the placement) that goes back to a node: of those away from home,
        the one on the node that is most like it.
        """
        settled = self.problem.cluster.settled
        homes = settled.node[settled.shard == shard]
        rows = np.flatnonzero((placement[:, 0] == shard) & ~np.isin(placement[:, 1], homes))
        if not len(rows):
            return None
        labels = self.problem.cluster.nodes.labels.values()
        alike = [sum(int(key.codes[at] == key.codes[node]) for key in labels) for at in placement[rows, 1]]
        return int(rows[int(np.argmax(alike))])

    def _codes(self, shard: IntArray, node: IntArray) -> NDArray[np.int64]:
        return shard.astype(np.int64) * len(self.problem.cluster.nodes.ids) + node


def _fewest_others(shares: NDArray[np.float64], now: Flags, least: Flags, most: Flags) -> Flags | None:
    """As many things as `now`, between `least` and `most`, that cover 1 in every column of `shares`, and as
    many of them as can be that are in `now` too; None where there are none, or none are found.
    """
    from scipy.optimize import Bounds, LinearConstraint, milp

    covers = [LinearConstraint(shares.T, 1.0, np.inf)] if shares.shape[1] else []
    found = milp(
        -now.astype(float),
        constraints=[*covers, LinearConstraint(np.ones((1, len(now))), now.sum(), now.sum())],
        integrality=np.ones(len(now)),
        bounds=Bounds(least.astype(float), np.maximum(least, most).astype(float)),
        options={"node_limit": NODES_LOOKED_AT},
    )
    return None if found.x is None else np.asarray(found.x > 0.5)
