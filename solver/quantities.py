"""Quantities as whole numbers, scaled once: loads rounded up, capacities down, sums within 32 bits.

INVARIANT: the load of all replicas that any looked-at placement may hold stays within TOTAL_LIMIT for each
resource, so no sum that the logic forms over one resource can wrap (clingo's integers do, silently).
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from math import floor, isfinite

import numpy as np
from numpy.typing import NDArray

from shardwright.cluster.cluster import Cluster, FloatArray, IntArray

LongArray = NDArray[np.int64]

TOTAL_LIMIT = 2**29  # the largest total of one resource
COARSE_TOTAL = 2**24  # the least total that numbers which no power of ten keeps exact are given
UNITS_PER_REPLICA = 2**12  # and how finely a mean replica is resolved then
FLOAT_EXACT = 2.0**53  # up to here a float holds every whole number
LARGEST = 2**62
LARGEST_EXPONENT = 22  # the greatest power of ten that a float holds exactly


@dataclass(frozen=True)
class Quantities:
    """`load` has shape (shards, resources), `capacity` and `safe` (nodes, resources); safe -1: not given.

    A whole number divided by `scale[resource]` is the user's quantity. `price` (nodes) and `move_cost`
    (shards) have scales of their own.
    """

    load: LongArray
    capacity: LongArray
    safe: LongArray
    scale: tuple[Fraction, ...]
    price: LongArray
    price_scale: Fraction
    move_cost: LongArray
    move_cost_scale: Fraction


def quantify(cluster: Cluster, copies: IntArray) -> Quantities:
    """Whole numbers for a cluster; `copies` is how many replicas of each shard are looked at at most."""
    nodes, shards = cluster.nodes, cluster.shards
    copies = np.minimum(copies, max(1, len(nodes.ids)))
    load = np.zeros(shards.load.shape, dtype=np.int64)
    capacity = np.zeros(nodes.capacity.shape, dtype=np.int64)
    safe = np.full(nodes.safe.shape, -1, dtype=np.int64)
    scales = []
    for at in range(len(cluster.resources)):
        scale = scale_for(
            [shards.load[:, at], nodes.capacity[:, at], nodes.safe[:, at]], shards.load[:, at], copies
        )
        scales.append(scale)
        load[:, at] = whole(shards.load[:, at], scale, up=True)
        capacity[:, at] = whole(np.nan_to_num(nodes.capacity[:, at]), scale, up=False)
        given = ~np.isnan(nodes.safe[:, at])
        safe[given, at] = whole(nodes.safe[given, at], scale, up=False)
    price_scale, price = nearest(nodes.cost_per_hour, max(1, int(copies.sum())))
    move_scale, move_cost = nearest(shards.move_cost, copies)
    return Quantities(load, capacity, safe, tuple(scales), price, price_scale, move_cost, move_scale)


def scale_for(exact: list[FloatArray], summed: FloatArray, copies: IntArray) -> Fraction:
    """The smallest power of ten that keeps numbers exact, if the total fits; else the largest that fits."""
    total = _total(summed, copies)
    replicas = int(copies.sum())
    for exponent in range(LARGEST_EXPONENT + 1):
        if total * 10**exponent + replicas > TOTAL_LIMIT:
            break
        if all(_is_exact(numbers, 10.0**exponent) for numbers in exact):
            return Fraction(10**exponent)
    budget = min(TOTAL_LIMIT, max(COARSE_TOTAL, replicas * UNITS_PER_REPLICA)) - replicas
    if total <= 0 or budget <= 0:
        return Fraction(1)
    exponent = LARGEST_EXPONENT
    while total * Fraction(10) ** exponent > budget:
        exponent -= 1
    return Fraction(10) ** exponent


def _total(numbers: FloatArray, copies: IntArray) -> Fraction:
    with np.errstate(over="ignore"):
        total = float(np.dot(numbers, copies))
    if isfinite(total):
        return Fraction(total)
    pairs = zip(numbers.tolist(), copies.tolist(), strict=True)
    return sum((Fraction(one) * times for one, times in pairs), Fraction(0))


def whole(numbers: FloatArray, scale: Fraction, *, up: bool) -> LongArray:
    """Scaled whole numbers, rounded up or down; what a power of ten made exact is not rounded at all."""
    scaled = _times(numbers, scale)
    near = np.rint(scaled)
    back = _times(near, 1 / scale)
    rounded = np.ceil(scaled) if up else np.floor(scaled)
    # The product may have been rounded to the whole number on the wrong side of the true one.
    rounded += (scaled == near) * ((numbers > back) * 1.0 if up else (numbers < back) * -1.0)
    found = np.where(back == numbers, near, rounded)
    large = np.flatnonzero(found >= FLOAT_EXACT)
    result: LongArray = np.minimum(found, FLOAT_EXACT).astype(np.int64)
    result[large] = [_large(number, scale) for number in numbers[large].tolist()]
    return result


def _large(number: float, scale: Fraction) -> int:
    """A capacity so large that floats would round it; beyond LARGEST it is as good as none."""
    return min(LARGEST, floor(Fraction(str(number)) * scale))


def _times(numbers: FloatArray, scale: Fraction) -> FloatArray:
    """One correctly rounded operation for each number, as long as a float holds the power of ten."""
    with np.errstate(over="ignore"):
        if scale.denominator == 1:
            return numbers * float(scale)
        return numbers / float(scale.denominator)


def nearest(numbers: FloatArray, copies: IntArray | int) -> tuple[Fraction, LongArray]:
    """Scale and rounded whole numbers of costs whose sums stay within TOTAL_LIMIT.

    `copies` says how often each is added up at most, or how many of them all are together.
    """
    known = np.nan_to_num(numbers)
    if isinstance(copies, int):
        scale = scale_for([known], known.max(initial=0.0, keepdims=True), np.array([copies], dtype=np.int64))
    else:
        scale = scale_for([known], known, copies)
    return scale, np.rint(_times(known, scale)).astype(np.int64)


def fitting(numbers: list[int], copies: IntArray | int = 1, *, others: int = 0) -> int:
    """The least divisor that makes the sum of the numbers' sizes, and another number, fit TOTAL_LIMIT."""
    times: list[int] = [copies] * len(numbers) if isinstance(copies, int) else copies.tolist()
    total = sum(abs(one) * many for one, many in zip(numbers, times, strict=True))
    return max(1, -(-max(total, others) // TOTAL_LIMIT))


def divided(numbers: list[int], unit: int) -> LongArray:
    """Numbers in a coarser unit, rounded up."""
    return np.array([-(-one // unit) for one in numbers], dtype=np.int64)


def _is_exact(numbers: FloatArray, scale: float) -> bool:
    known = numbers[~np.isnan(numbers)]
    with np.errstate(over="ignore"):
        return bool(np.all(np.rint(known * scale) / scale == known))
