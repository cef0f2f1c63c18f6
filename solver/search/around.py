"""Search around a placement that is there already: few shards are free, all others stay where they are."""

from __future__ import annotations

import numpy as np

from shardwright.cluster.cluster import IntArray
from shardwright.solver.bounds.leavers import kept_tables
from shardwright.solver.certify import Pair
from shardwright.solver.outcome import Limits
from shardwright.solver.problem import Problem
from shardwright.solver.recertify import Pairs
from shardwright.solver.search.anneal import Around
from shardwright.solver.search.assemble import by_shard
from shardwright.solver.search.leaving import crowding_of
from shardwright.solver.search.propose import pairs_of, race
from shardwright.solver.search.tables import Tables


def search_around(
    problem: Problem,
    placement: Pairs,
    start: Pairs,
    pair: Pair,
    free: IntArray,
    bound: tuple[int, ...],
    limits: Limits,
    *,
    seed: int,
    steps: int,
) -> list[Pair] | None:
    """The best that is found from `start` by moving `free` shards (rows) only, near to `placement`.

    `pair` is a shard and the node where it is to be, so that it may leave others. Ends where it meets
    `bound`, or after so many steps. None where a required rule stays broken. Raises WorkerFailed where a
    limit comes before anything is found.
    """
    tables = _held(kept_tables(problem), placement, free)
    shards = len(problem.floor)
    around = Around(by_shard(start, shards), by_shard(placement, shards), pair[0])
    arguments = {
        "tables": tables,
        "bound": list(bound),
        "steps": steps,
        "deadline": limits.deadline,
        "around": around,
        "crowding": crowding_of(problem),
    }
    # One worker: where the first of several is done the others end, and the next question waits for new ones.
    runs, _ = race(arguments, range(seed, seed + 1), limits, None)
    run = runs[seed]
    return None if run.cost[0] else pairs_of(run.place)


def _held(tables: Tables, placement: Pairs, free: IntArray) -> Tables:
    """All shards but those that are free have their replicas pinned where they are."""
    is_free = np.zeros(len(tables.floor), dtype=bool)
    is_free[free] = True
    held = by_shard(placement[~is_free[placement[:, 0]]], len(is_free), tables.pinned.shape[1])
    pinned = np.full_like(held, -1)
    pinned[:, : tables.pinned.shape[1]] = tables.pinned
    return tables._replace(
        pinned=np.where(is_free[:, None], pinned, held).astype(np.int64),
        fixed=np.where(is_free, tables.fixed, (held >= 0).sum(axis=1)).astype(np.int64),
    )
