"""The fewest things that cover a demand in several measures at once, from below.

With any weights of the measures that are not negative, things that cover every demand also cover the
weighted sum of the demands; and how few things cover one sum is known by taking the largest first. The best
weights make the bound (the surrogate dual: Glover, Surrogate constraints, 1968). Whoever doubts it sorts
and adds up.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Longs = NDArray[np.int64]
Floats = NDArray[np.float64]

SCALE = 2**16  # weights are whole numbers up to this
GRID = 32  # mixes of two measures that are tried
REFINE = 6  # narrower and narrower around the best


def fewest(amounts: Longs, demand: Longs) -> tuple[int, tuple[int, ...]]:
    """How many of the things are needed at least, and the weights that show it.

    `amounts` has shape (things, measures), what each covers; `demand` (measures,). All things together may
    not be enough: then as many as there are, and one more.
    """
    asked = np.flatnonzero(demand > 0)
    best, weights = 0, np.zeros(len(demand), dtype=np.int64)
    for at in asked.tolist():
        single = np.zeros(len(demand), dtype=np.int64)
        single[at] = 1
        best, weights = _better(amounts, demand, best, weights, single)
    for one, other in _pairs(asked.tolist()):
        best, weights = _mixed(amounts, demand, one, other, best, weights)
    if len(asked) > 2:
        best, weights = _better(amounts, demand, best, weights, _even(demand, asked))
    return best, tuple(weights.tolist())


def count(amounts: Longs, demand: Longs, weights: Longs) -> int:
    """How many things it takes at least, by these weights alone."""
    needed = int(demand @ weights)
    if needed <= 0:
        return 0
    taken = np.cumsum(np.sort(np.maximum(amounts, 0) @ weights)[::-1])
    return int(np.searchsorted(taken, needed)) + 1


def _better(amounts: Longs, demand: Longs, best: int, weights: Longs, candidate: Longs) -> tuple[int, Longs]:
    found = count(amounts, demand, candidate)
    return (found, candidate) if found > best else (best, weights)


def _mixed(
    amounts: Longs, demand: Longs, one: int, other: int, best: int, weights: Longs
) -> tuple[int, Longs]:
    """Mixes of two measures: a grid, then finer grids around the best."""
    low, high = 0.0, 1.0
    covered = np.maximum(amounts, 0)
    for _ in range(REFINE):
        shares = np.linspace(low, high, GRID)
        mixes = np.zeros((len(demand), GRID), dtype=np.int64)
        mixes[one] = np.rint(shares * SCALE * _scale(demand, one, other))
        mixes[other] = np.rint((1 - shares) * SCALE * _scale(demand, other, one))
        found = _counts(covered, demand, mixes)
        first = int(found.argmax())
        if found[first] > best:
            best, weights = int(found[first]), mixes[:, first].copy()
        top = np.flatnonzero(found == found[first])
        width = (high - low) / (GRID - 1)
        low, high = max(0.0, shares[top[0]] - width), min(1.0, shares[top[-1]] + width)
    return best, weights


def _counts(covered: Longs, demand: Longs, mixes: Longs) -> Longs:
    """The same as `count` for each column of weights."""
    needed = demand @ mixes
    taken = np.cumsum(np.sort(covered @ mixes, axis=0)[::-1], axis=0)
    least: Longs = (taken < needed).sum(axis=0) + 1
    return np.where(needed > 0, least, 0)


def _scale(demand: Longs, one: int, other: int) -> float:
    """Demands of different size count alike; no weight is greater than SCALE."""
    return min(1.0, float(demand[other]) / float(demand[one]))


def _even(demand: Longs, asked: NDArray[np.intp]) -> Longs:
    weights = np.zeros(len(demand), dtype=np.int64)
    least = int(demand[asked].min())
    weights[asked] = [max(1, SCALE * least // int(amount)) for amount in demand[asked]]
    return weights


def _pairs(asked: list[int]) -> list[tuple[int, int]]:
    return [(one, other) for at, one in enumerate(asked) for other in asked[at + 1 :]]
