"""Search around a placement: free shards only, nothing made worse, and near to what was."""

from __future__ import annotations

import time
from dataclasses import replace

import numpy as np
import pytest

from shardwright.solver.bounds import ideal
from shardwright.solver.bounds.leavers import kept_tables
from shardwright.solver.certify import certify
from shardwright.solver.outcome import Limits
from shardwright.solver.problem import Problem
from shardwright.solver.recertify import pairs_array
from shardwright.solver.search.around import search_around
from shardwright.solver.search.first import first_state, standing
from shardwright.solver.search.kernels import choice, restore
from shardwright.solver.search.kernels.refs import by_reference
from tests.solver.making import cluster, node, policy, problem_of, shard
from tests.strategies import random_case

STEPS = 20_000


def crowded() -> Problem:
    """Four of six nodes hold eight shards each, but have room for six."""
    nodes = [node(f"n{at}", capacity={"cpu": 6}) for at in range(6)]
    shards = [shard(f"s{at:02}", f"n{at % 4}", load={"cpu": 1}) for at in range(32)]
    return problem_of([policy("full", "load_balancing", {"max_utilization": 100})], cluster(nodes, shards))


def test_only_free_shards_move_and_the_pinned_replica_is_there() -> None:
    problem = crowded()
    settled = problem.cluster.settled
    held = settled.node.copy()
    held[24:28], held[28:32] = 4, 5
    placement = np.stack([settled.shard, held], axis=1)
    pinned = replace(problem, pinned=((0, 4),))
    free = np.array([0, 24, 25, 28, 29], dtype=np.int32)
    start = placement.copy()
    start[0, 1] = 4
    bound = tuple(ideal(pinned).values())
    found = search_around(
        pinned, placement, start, (0, 4), free, bound, Limits(time.monotonic() + 60), seed=1, steps=STEPS
    )
    assert found is not None
    assert (0, 4) in found
    moved = {shard for shard, at in found if held[shard] != at}
    assert moved <= set(free.tolist())
    judgement = certify(pinned, found)
    assert not judgement.faults(pinned)
    assert judgement.level_costs == bound
    assert len(moved) == 2  # s0 goes, and one of those that had made way returns


@pytest.mark.parametrize("seed", range(40))
def test_what_returns_makes_nothing_worse_and_its_costs_are_those_of_the_logic(seed: int) -> None:
    policies, snapshot = random_case(seed)
    problem = problem_of(policies, snapshot)
    tables = kept_tables(problem)
    choice.seed(seed)
    near = first_state(tables).place
    nodes = len(problem.cluster.nodes.ids)
    other = np.where(near >= 0, (near + 1 + seed % 3) % nodes, -1)
    state = standing(tables, other)
    before, away = state.cost.tolist()[:-1], _away(state.place, near)
    returned = restore.restore(*by_reference(tables, state), near)
    assert state.cost.tolist()[:-1] <= before
    assert _away(state.place, near) == away - returned
    judgement = certify(problem, [tuple(pair) for pair in _pairs(state.place).tolist()])
    assert tuple(state.cost.tolist()[1:-1]) == judgement.level_costs
    assert bool(state.cost[0]) == bool(judgement.faults(problem))


def _pairs(place: np.ndarray) -> np.ndarray:
    rows, slots = np.nonzero(place >= 0)
    return pairs_array(list(zip(rows.tolist(), place[rows, slots].tolist(), strict=True)))


def _away(place: np.ndarray, near: np.ndarray) -> int:
    """Replicas that are not where the other placement has them."""
    return len({*map(tuple, _pairs(place).tolist())} - {*map(tuple, _pairs(near).tolist())})
