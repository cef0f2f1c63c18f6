"""The kernels' costs are the certificate's, level by level and move by move.

SHARDWRIGHT_SEARCH_CASES is the number of random clusters (default 200).
"""

from __future__ import annotations

import os

import pytest

from shardwright.solver.search.kernels import moves
from shardwright.solver.search.kernels.refs import by_reference
from shardwright.solver.search.tables import empty_state
from tests.solver.search_cases import Walk, counted, in_arrays, judged

CASES = int(os.environ.get("SHARDWRIGHT_SEARCH_CASES", "200"))
EVERY_MOVE = 20  # every so many cases are certified after every move, the others at the end
MOVES = 20


@pytest.mark.parametrize("seed", range(CASES))
def test_costs_are_the_certificates(seed: int) -> None:
    problem, tables, state = in_arrays(seed)
    for done in Walk(tables, state, seed).steps(MOVES):
        if done and seed % EVERY_MOVE == 0:
            assert counted(state) == judged(problem, state)
    assert counted(state) == judged(problem, state)


@pytest.mark.parametrize("seed", range(CASES))
def test_counters_are_the_same_counted_anew(seed: int) -> None:
    _, tables, state = in_arrays(seed)
    anew = empty_state(tables, state.place.shape[1])
    for _ in Walk(tables, state, seed).steps(MOVES):
        anew.place[:], anew.count[:] = state.place, state.count
        moves.settle(*by_reference(tables, anew))
        for part in state._fields:
            assert (getattr(anew, part) == getattr(state, part)).all(), part
