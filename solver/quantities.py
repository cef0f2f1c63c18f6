"""Quantities as whole numbers, scaled once: loads rounded up, capacities down, sums within 32 bits.

INVARIANT: the load of all replicas that any looked-at placement may hold stays within TOTAL_LIMIT for each
resource, so no sum that the logic forms over one resource can wrap (clingo's integers do, silently).
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from shardwright.cluster.cluster import Cluster, FloatArray, IntArray

LongArray = NDArray[np.int64]

TOTAL_LIMIT = 2**29  # the largest total of one resource
COARSE_TOTAL = 2**24  # the least total that numbers which no power of ten keeps exact are given
UNITS_PER_REPLICA = 2**12  # and how finely a mean replica is resolved then
LARGEST_EXPONENT = 9


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
    move_scale, move_cost = nearest(shards.move_cost, 1)
    return Quantities(load, capacity, safe, tuple(scales), price, price_scale, move_cost, move_scale)


def scale_for(exact: list[FloatArray], summed: FloatArray, copies: IntArray) -> Fraction:
    """The smallest power of ten that keeps every number exact, if the total fits; else the largest to fit."""
    total = float(np.dot(summed, copies))
    replicas = int(copies.sum())
    for exponent in range(LARGEST_EXPONENT + 1):
        if total * 10**exponent + replicas > TOTAL_LIMIT:
            break
        if all(_is_exact(numbers, 10**exponent) for numbers in exact):
            return Fraction(10**exponent)
    budget = min(TOTAL_LIMIT, max(COARSE_TOTAL, replicas * UNITS_PER_REPLICA)) - replicas
    if total <= 0 or budget <= 0:
        return Fraction(1)
    exponent = LARGEST_EXPONENT
    while total * float(Fraction(10) ** exponent) > budget:
        exponent -= 1
    return Fraction(10) ** exponent


def whole(numbers: FloatArray, scale: Fraction, *, up: bool) -> LongArray:
    """Scaled whole numbers, rounded up or down; what a power of ten made exact is not rounded at all."""
    scaled = numbers * float(scale)
    near = np.rint(scaled)
    exact = near / float(scale) == numbers
    rounded = np.ceil(scaled) if up else np.floor(scaled)
    # Beyond 2^62 nothing is told apart any more; such a capacity is as good as none.
    return np.clip(np.where(exact, near, rounded), -(2.0**62), 2.0**62).astype(np.int64)


def nearest(numbers: FloatArray, copies: int) -> tuple[Fraction, LongArray]:
    """Scale and rounded whole numbers of costs, whose sums over `copies` each stay within TOTAL_LIMIT."""
    known = np.nan_to_num(numbers)
    scale = scale_for([known], known, np.full(len(known), copies, dtype=np.int32))
    return scale, np.rint(known * float(scale)).astype(np.int64)


def _is_exact(numbers: FloatArray, scale: int) -> bool:
    known = numbers[~np.isnan(numbers)]
    return bool(np.all(np.rint(known * scale) / scale == known))
