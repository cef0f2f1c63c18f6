"""Who leaves the crowded nodes, chosen anew: fewer than now, or a given one among as many, and else the same.

Where a node holds too much, the fewest that can leave are often a choice that hardly any other can stand in
for, and single moves hit upon it by luck. A whole number program of one node finds it at once (HiGHS). What
it says is a proposal like any other.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from shardwright.grammar.rules import FewestMoves
from shardwright.solver.bounds.cover import fewest
from shardwright.solver.bounds.limits import UNLIMITED, binding
from shardwright.solver.problem import Problem
from shardwright.solver.search.tables import Flags, Longs, Tables

NODE_LIMIT = 200  # of a branch and bound: the same end on every computer

Rows = NDArray[np.intp]


class Crowding(NamedTuple):
    """What nodes may hold, shape (nodes, measures), as long as no entry of the cost before `entry` costs
    anything; that one counts moves.
    """

    entry: int
    limit: Longs


def crowding_of(problem: Problem) -> Crowding | None:
    """None where nothing counts moves."""
    kinds = ((rule.kind, rule.level) for rule in problem.rules)
    levels = (level for kind, level in kinds if isinstance(kind, FewestMoves) and kind.unit == "moves")
    moves = next((level for level in levels if level is not None), None)
    if moves is None or not problem.measures:
        return None
    before = {level: 0 for level in problem.levels if level < moves}
    return Crowding(1 + problem.levels.index(moves), binding(problem, before, moves).limit)


class Leaving:
    """A placement `place` (S, R), and which of the settled replicas (S, H) stay."""

    def __init__(self, tables: Tables, limit: Longs, place: Longs) -> None:
        self.tables, self.limit, self.place = tables, limit, place
        self.home = tables.alone.home
        self.stays: Flags = (self.home[:, :, None] == place[:, None, :]).any(axis=2)
        self.held: Flags = (self.home[:, :, None] == tables.pinned[:, None, :]).any(axis=2)
        self.load = np.zeros(limit.shape, dtype=np.int64)
        shard, slot = np.nonzero(place >= 0)
        np.add.at(self.load, place[shard, slot], tables.meters.weight[shard])

    def lessened(self, steps: int, deadline: float | None = None) -> Longs | None:
        """A placement where fewer leave; those that leave have no place yet. None where none is found, or the
        deadline (monotonic clock) comes first.

        Looks at as many nodes as take some times as long as so many steps of search, and one at least: the
        time for a node grows with the square of its replicas.
        """
        place = self.place.copy()
        for _, node in sorted(self._doubtful()):
            shards, slots = np.nonzero(self.home == node)
            if deadline is not None and time.monotonic() > deadline:
                return None
            if steps <= 0:
                break
            steps -= len(shards) ** 2 // 10
            now = ~self.stays[shards, slots]
            found = self._fewest(node, shards, slots, np.zeros_like(now), int(now.sum()) - 1)
            if found is not None:
                self._exchange(place, node, shards, now, found)
        return None if (place == self.place).all() else place

    def _doubtful(self) -> Iterator[tuple[int, int]]:
        """Nodes that more leave than must, as far as counting shows; less how many, and the node."""
        away = (self.home >= 0) & ~self.stays
        for node in np.unique(self.home[away]).tolist():
            shards, slots = np.nonzero(self.home == node)
            now, free = ~self.stays[shards, slots], ~self.held[shards, slots]
            least, _ = fewest(self.tables.meters.weight[shards[free]], self._excess(node, shards[now]))
            if least < now.sum():
                yield least - int(now.sum()), node

    def without(self, shard: int) -> Iterator[Longs]:
        """For each crowded node where the shard stands at home, a placement where it leaves and no more do
        than now; those that leave have no place yet.
        """
        for node in self.home[shard, self.stays[shard] & ~self.held[shard]].tolist():
            shards, slots = np.nonzero(self.home == node)
            now = ~self.stays[shards, slots]
            found = self._fewest(node, shards, slots, shards == shard, int(now.sum())) if now.any() else None
            if found is not None:
                place = self.place.copy()
                self._exchange(place, node, shards, now, found)
                yield place

    def _fewest(self, node: int, shards: Rows, slots: Rows, given: Flags, most: int) -> Flags | None:
        """Which of the settled replicas of a node leave: `most` or fewer, the given one among them."""
        amounts = self.tables.meters.weight[shards]
        now = ~self.stays[shards, slots]
        excess = self._excess(node, shards[now])
        asked = np.flatnonzero(excess > 0)
        free = ~self.held[shards, slots]
        return _fewest(amounts[:, asked] / np.maximum(1, excess[asked]), now, given, free, most)

    def _excess(self, node: int, left: Rows) -> Longs:
        """What a node would hold too much of each measure if those that have left were there."""
        excess = self.load[node] + self.tables.meters.weight[left].sum(axis=0) - self.limit[node]
        return np.where(self.limit[node] < UNLIMITED, excess, 0)

    def _exchange(self, place: Longs, node: int, shards: Rows, now: Flags, leaves: Flags) -> None:
        for shard in shards[leaves & ~now].tolist():
            place[shard, place[shard] == node] = -1
        for shard in shards[~leaves & now].tolist():
            away = self._away(place[shard], shard, node)
            if away is not None:
                place[shard, away] = node

    def _away(self, nodes: Longs, shard: int, node: int) -> int | None:
        """Which replica goes back to a node: of those away from home, the one on the node most like it."""
        slots = np.flatnonzero((nodes >= 0) & ~np.isin(nodes, self.home[shard]))
        if not len(slots):
            return None
        label = self.tables.shape.label
        alike = (label[:, nodes[slots]] == label[:, [node]]).sum(axis=0)
        return int(slots[int(np.argmax(alike))])


def _fewest(shares: NDArray[np.float64], now: Flags, given: Flags, free: Flags, most: int) -> Flags | None:
    """The fewest of the free things, and all that are given, that cover 1 in every column of `shares`; of
    equally many, those that are mostly in `now` too. None where no `most` do, or none are found.
    """
    from scipy.optimize import Bounds, LinearConstraint, milp

    if most < 0:
        return None
    covers = [LinearConstraint(shares.T, 1.0, np.inf)] if shares.shape[1] else []
    found = milp(
        1 - now / (1 + len(now)),
        constraints=[*covers, LinearConstraint(np.ones((1, len(now))), 0, most)],
        integrality=np.ones(len(now)),
        bounds=Bounds(given.astype(float), (given | free).astype(float)),
        options={"node_limit": NODE_LIMIT, "mip_rel_gap": 0.0},
    )
    return None if found.x is None else np.asarray(found.x > 0.5)
