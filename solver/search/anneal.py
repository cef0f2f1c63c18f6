"""One annealing run in a worker: from the settled placement, ever colder and ever stricter."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import numpy as np

from shardwright.cluster.cluster import IntArray
from shardwright.solver.messages import Message
from shardwright.solver.search import kernel
from shardwright.solver.search.tables import Tables

SLICES = 60  # the heat falls in so many steps over the whole run


def run(
    send: Callable[[Message], None],
    stages: Sequence[Tables],
    shares: Sequence[float],
    heats: Sequence[tuple[float, float]],
    seed: int,
    steps: int,
    seconds: float | None,
) -> Iterator[Message]:
    """Anneal through `stages` (tables of growing sharpness), each for its share of the steps.

    Without a limit in seconds the answer depends on the seed and the steps alone; with one, slices become
    shorter where the machine is too slow for all steps.
    """
    started = time.monotonic()
    kernel.seed(seed)
    first = stages[0]
    place = np.full((len(first.copies), max(1, int(first.copies.max(initial=0)))), -1, dtype=np.int32)
    load = np.zeros((len(first.weights), group_count(first)))
    kernel.construct(first, place, load)
    replicas = _replicas(first.copies, place.shape[1])
    send(Message("grounded", {}))
    ideal = _ideal(first)
    done = 0
    for stage, share, (hot, cold) in zip(stages, shares, heats, strict=True):
        now = kernel.total(stage, place, load)
        best, least = place.copy(), now
        for at in range(max(1, int(SLICES * share))):
            if least <= ideal:  # every settled replica stays and nothing else costs anything
                break
            size = _slice(steps, done, started, seconds)
            heat = hot * (cold / hot) ** (at / max(1, int(SLICES * share) - 1))
            if len(replicas) and size:
                now += kernel.anneal(stage, place, load, replicas, size, heat)
            done += 1
            if now < least:
                best, least = place.copy(), now
        place = best
    cost = kernel.total(stages[-1], place, load)
    yield Message("done", {"place": _pairs(place), "cost": cost, "seconds": time.monotonic() - started})


def _ideal(tables: Tables) -> float:
    """What no placement can cost less than: all settled replicas stay, and nothing else costs anything."""
    known = tables.home >= 0
    settled = np.minimum(known.sum(axis=1), tables.copies)
    staying = np.where(known, tables.stay[tables.of[:, None], tables.home], 0.0)
    return float(-(tables.leave * settled).sum() - staying.sum())


def _slice(steps: int, done: int, started: float, seconds: float | None) -> int:
    """How many steps the next slice may have."""
    size = steps // SLICES
    spent = time.monotonic() - started
    if seconds is None or not done:
        return size
    left = max(0.0, seconds - spent) / max(1, SLICES - done)
    return int(size * min(1.0, left * done / spent))


def group_count(tables: Tables) -> int:
    return max(1, (len(tables.meter_start) - 1) // max(1, len(tables.weights)))


def _replicas(count: IntArray, width: int) -> Any:
    slots = np.arange(width)[None, :] < count[:, None]
    return np.flatnonzero(slots.reshape(-1)).astype(np.int64)


def _pairs(place: Any) -> list[tuple[int, int]]:
    rows, slots = np.nonzero(place >= 0)
    return list(zip(rows.tolist(), place[rows, slots].tolist(), strict=True))
