"""Whether so many things can cover a demand in several measures at once: found, refuted, or left open.

One weighting of the measures often shows that they cannot (cover.py). Where it does not, some thing is
decided on: without it, and with it, a weighting of its own may show it, and so on (branch and bound). What
is refuted has a tree to show for it, which whoever doubts it walks down, sorting and adding up at the ends.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from shardwright.solver.bounds.cover import SCALE, Longs, fewest

Weights = tuple[int, ...]

ROUNDS = 48  # weightings that are tried, where there are more than two measures


@dataclass(frozen=True)
class Split:
    """Neither without a thing (its row) nor with it there are few enough."""

    thing: int
    without: Refuted
    along: Refuted


Refuted = Weights | Split  # by these weights the heaviest that many do not cover the demand; or one by one


class _Open(Exception):
    """The steps are used up."""


def fewest_of_all(amounts: Longs, demand: Longs, most: int) -> tuple[int, Refuted]:
    """How many of the things are needed at least, and what shows that fewer will not do.

    `most` splits for each number that is doubted. All things together may not be enough: then as many as
    there are, and one more.
    """
    least, weights = fewest(amounts, demand)
    shown: Refuted = weights
    while most and least <= len(amounts) and (found := refute(amounts, demand, least, most)) is not None:
        least, shown = least + 1, found
    return least, shown


def refute(amounts: Longs, demand: Longs, size: int, most: int) -> Refuted | None:
    """Why no `size` of the things (rows of `amounts`, not negative) cover the demand.

    None where some do, or where that takes more than `most` splits to see.
    """
    search = _Search(np.maximum(amounts, 0), most)
    try:
        return search.refuted(np.arange(len(amounts)), demand.astype(np.int64), size)
    except _Open:
        return None


@dataclass
class _Search:
    amounts: Longs
    left: int

    def refuted(self, free: NDArray[np.intp], demand: Longs, size: int) -> Refuted | None:
        if (demand <= 0).all():
            return None
        size = min(size, len(free))
        known: list[NDArray[np.intp]] = []
        for weights in self._weightings(free, demand, size, known):
            worth = self.amounts[free] @ weights
            chosen = np.argsort(-worth, kind="stable")[:size]
            if int(worth[chosen].sum()) < int(demand @ weights):
                return tuple(weights.tolist())
            known.append(chosen)
            if (self.amounts[free[chosen]].sum(axis=0) >= demand).all():
                return None
        return self._split(free, demand, size, known)

    def _split(
        self, free: NDArray[np.intp], demand: Longs, size: int, known: list[NDArray[np.intp]]
    ) -> Refuted | None:
        """On a thing that one of the last two weightings takes and the other does not, or else on any."""
        apart = np.setxor1d(known[-1], known[-2]) if len(known) > 1 else known[-1]
        apart = apart if len(apart) else known[-1]
        if not self.left or not len(apart):
            raise _Open
        self.left -= 1
        heaviest = int(apart[self.amounts[free[apart]].sum(axis=1).argmax()])
        thing, others = int(free[heaviest]), np.delete(free, heaviest)
        along = self.refuted(others, demand - self.amounts[thing], size - 1)
        without = self.refuted(others, demand, size) if along is not None else None
        return None if along is None or without is None else Split(thing, without, along)

    def _weightings(
        self, free: NDArray[np.intp], demand: Longs, size: int, known: list[NDArray[np.intp]]
    ) -> Iterator[Longs]:
        """Ever better ones: what the last choice (in `known`) lacks weighs more next time."""
        asked = np.flatnonzero(demand > 0)
        if len(asked) == 2:
            yield from self._between(asked, free, demand, known)
            return
        pull = np.ones(len(asked))
        for step in range(ROUNDS if len(asked) > 1 else 1):
            weights = np.zeros(len(demand), dtype=np.int64)
            share = pull / demand[asked] / (pull / demand[asked]).max()
            weights[asked] = np.maximum(1, np.rint(SCALE * share))
            yield weights
            lack = 1 - self.amounts[free[known[-1]]][:, asked].sum(axis=0) / demand[asked]
            pull = pull * np.exp(4 * lack / (1 + step / 8))

    def _between(
        self, asked: NDArray[np.intp], free: NDArray[np.intp], demand: Longs, known: list[NDArray[np.intp]]
    ) -> Iterator[Longs]:
        """Two measures: halve the way from the one to the other; then the two ends that are left."""
        one, other = asked.tolist()
        low, high = 0, SCALE
        at_low: NDArray[np.intp] | None = None
        at_high: NDArray[np.intp] | None = None
        while high - low > 1:
            middle = (low + high) // 2
            yield self._mix(demand, one, other, middle)
            if self.amounts[free[known[-1]], one].sum() < demand[one]:
                low, at_low = middle, known[-1]
            else:
                high, at_high = middle, known[-1]
        for end, seen in ((low, at_low), (high, at_high)):
            if seen is None:
                yield self._mix(demand, one, other, end)
            else:
                known.append(seen)

    def _mix(self, demand: Longs, one: int, other: int, share: int) -> Longs:
        """Demands of different size count alike; no weight is greater than SCALE."""
        most = int(max(demand[one], demand[other]))
        weights = np.zeros(len(demand), dtype=np.int64)
        weights[one] = share * int(demand[other]) // most
        weights[other] = (SCALE - share) * int(demand[one]) // most
        return weights
