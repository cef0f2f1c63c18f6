"""The placement that a search begins with: today's, or some that are there already, made complete."""

from __future__ import annotations

from typing import Any

import numpy as np

from shardwright.solver.search.kernels import construct, moves, restore, sample, tolerance
from shardwright.solver.search.kernels.refs import by_reference
from shardwright.solver.search.tables import Longs, State, Tables, empty_state
from shardwright.solver.search.weighing import Weighing, guided

SAMPLES = 4_000
SOFT = 8.0  # how sharply levels are told apart while replicas get their first places
MOST_VALUES = 64  # that a circle of shards tries; together at most so many placements of one:
GATHERINGS = 100_000


def usual(tables: Tables, state: State) -> Weighing:
    """What the parts of a cost weigh, by what random moves from here usually change."""
    return Weighing(sample.usual_changes(*by_reference(tables, state), SAMPLES), guided(tables))


def first_state(tables: Tables) -> State:
    """Settled replicas where they may stay, all others where they cost least."""
    state = _empty(tables)
    refs = by_reference(tables, state)
    construct.stay_home(*refs)
    weights = usual(tables, state).weights(SOFT)
    _gather(tables, state, weights)
    construct.complete(*refs, weights, _by_size(tables))
    return state


def standing(tables: Tables, place: Longs) -> State:
    """Replicas where a placement (S, R) has them, what has no place yet where it costs least."""
    state = _empty(tables)
    refs = by_reference(tables, state)
    construct.stand(*refs, place)
    construct.complete(*refs, usual(tables, state).weights(SOFT), _by_size(tables))
    return state


def compile_others(tables: Tables, state: State) -> None:
    """Call what this search has no use for, so that no later one must wait for the compiler."""
    refs, place = by_reference(tables, state), state.place.copy()
    construct.stand(*refs, place)
    restore.restore(*refs, place)
    moves.settle(*refs)
    tolerance.mark_tolerated(*refs)


def _empty(tables: Tables) -> State:
    """No replica anywhere; what today's placement breaks is noted as tolerated."""
    homes = tables.alone.home
    width = max(homes.shape[1] + tables.pinned.shape[1], int(tables.ceiling.max(initial=0)))
    state = empty_state(tables, width)
    if tables.company.no_worse.any():
        state.place[:, : homes.shape[1]] = homes
        state.count[:] = (homes >= 0).sum(axis=1)
        refs = by_reference(tables, state)
        moves.settle(*refs)
        tolerance.mark_tolerated(*refs)
        state.place[:] = -1
        state.count[:] = 0
    return state


def _gather(tables: Tables, state: State, weights: Any) -> None:
    """New shards that must keep together come first: later there may be no room for all of them anywhere."""
    company, size = tables.company, _sizes(tables)
    if not len(company.circle):
        return
    total = np.add.reduceat(size[company.circle], company.circle_start[:-1])
    order = np.argsort(-total, kind="stable")
    construct.gather(
        *by_reference(tables, state),
        weights,
        order,
        max(1, min(MOST_VALUES, GATHERINGS // len(company.circle))),
    )


def _sizes(tables: Tables) -> Any:
    """The load of each shard, in mean loads of the measure in which it is largest."""
    weight = tables.meters.weight
    mean = np.maximum(np.abs(weight).mean(axis=0), 1e-9) if len(weight) else 1.0
    return (weight / mean).max(axis=1, initial=0.0)


def _by_size(tables: Tables) -> Any:
    """Shards, those of the largest load first."""
    return np.argsort(-_sizes(tables), kind="stable").astype(np.int64)
