"""One number for a vector of costs: a guide for proposals only. What counts is the levels' order."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from shardwright.solver.search.tables import Tables

Floats = NDArray[np.float64]

BROKEN = 0.3  # what a unit of the guide costs, in usual steps at the level behind the one that it guides


@dataclass(frozen=True)
class Weighing:
    """`units` (V): how much a random move usually changes each entry of a cost vector, 0 for never.

    `guided` is the entry just before which the guide in the last entry stands; None: there is none.
    """

    units: Floats
    guided: int | None

    @property
    def ranks(self) -> list[int]:
        """How many levels that moves can change stand behind each entry; the last entry has none."""
        moved = self.units[:-1] > 0
        return [int(moved[at + 1 :].sum()) for at in range(len(moved))]

    def weights(self, ratio: float) -> Floats:
        """What each entry weighs: a usual step at one level as much as `ratio` steps at the next."""
        weights = np.array([ratio**rank for rank in self.ranks]) / np.maximum(self.units[:-1], 1.0)
        if self.guided is None:
            return np.append(weights, 0.0)
        behind = max(0, self.ranks[self.guided] - 1)
        return np.append(weights, BROKEN * ratio**behind)

    @property
    def depth(self) -> int:
        """How many entries moves can change."""
        return int((self.units[:-1] > 0).sum())


def guided(tables: Tables) -> int | None:
    """Company that must gather is guided as early as its first rule costs, limits on sums as late as any."""
    company = tables.company
    if company.together.any():
        required = company.fault[company.together].any()
        return 0 if required else int(company.level[company.together].min())
    return int(tables.meters.level.max(initial=0)) or None
