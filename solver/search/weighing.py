"""One number for a vector of costs: a guide for proposals only. What counts is the levels' order."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from shardwright.solver.search.tables import Tables

Floats = NDArray[np.float64]

BROKEN = 0.3  # what a broken limit costs besides its excess, in usual steps at the level behind limits


@dataclass(frozen=True)
class Weighing:
    """`units` (V): how much a random move usually changes each entry of a cost vector, 0 for never."""

    units: Floats
    last_limit: int  # the last entry that limits are counted at

    @property
    def ranks(self) -> list[int]:
        """How many levels that moves can change stand behind each entry; the last entry has none."""
        moved = self.units[:-1] > 0
        return [int(moved[at + 1 :].sum()) for at in range(len(moved))]

    def weights(self, ratio: float) -> Floats:
        """What each entry weighs: a usual step at one level as much as `ratio` steps at the next."""
        weights = np.array([ratio**rank for rank in self.ranks]) / np.maximum(self.units[:-1], 1.0)
        behind = self.ranks[self.last_limit] - 1
        return np.append(weights, BROKEN * ratio**behind if self.last_limit and behind >= 0 else 0.0)

    @property
    def depth(self) -> int:
        """How many entries moves can change."""
        return int((self.units[:-1] > 0).sum())


def last_limit(tables: Tables) -> int:
    """The last level that some limit on sums is counted at; 0 if there is none."""
    return int(tables.meters.level.max(initial=0))
