"""Who leaves a crowded node, chosen anew: beside every choice that there is."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations
from random import Random

import numpy as np
import pytest

from shardwright.solver.bounds.leavers import kept_tables
from shardwright.solver.problem import Problem
from shardwright.solver.search.leaving import Leaving, crowding_of
from tests.solver.making import cluster, node, policy, problem_of, shard

ROOM, SHARDS = 60, 9
ENOUGH = 100_000
Loads = list[dict[str, int]]


def crowded(seed: int) -> tuple[Problem, Loads]:
    """One node holds too much, the other has room for all."""
    random = Random(seed)
    loads = [{"cpu": random.randint(1, 30), "memory": random.randint(1, 30)} for _ in range(SHARDS)]
    nodes = [
        node("full", capacity={"cpu": ROOM, "memory": ROOM}),
        node("roomy", capacity={"cpu": 999, "memory": 999}),
    ]
    shards = [shard(f"s{at}", "full", load=load) for at, load in enumerate(loads)]
    return problem_of(
        [policy("full", "load_balancing", {"max_utilization": 100})], cluster(nodes, shards)
    ), loads


def is_enough(loads: Loads, away: Sequence[int]) -> bool:
    return all(sum(load[key] for at, load in enumerate(loads) if at not in away) <= ROOM for key in loads[0])


def leaving(problem: Problem, away: Sequence[int]) -> Leaving:
    crowding = crowding_of(problem)
    assert crowding is not None
    place = np.array([[int(at in away)] for at in range(SHARDS)], dtype=np.int32)
    return Leaving(kept_tables(problem), crowding.limit, place)


def gone(place: np.ndarray) -> tuple[int, ...]:
    return tuple(np.flatnonzero(place[:, 0] != 0).tolist())


def choices(loads: Loads, size: int) -> list[tuple[int, ...]]:
    return [chosen for chosen in combinations(range(SHARDS), size) if is_enough(loads, chosen)]


@pytest.mark.parametrize("seed", range(30))
def test_as_many_leave_as_before_and_as_few_others_as_can_be(seed: int) -> None:
    problem, loads = crowded(seed)
    size = next(size for size in range(SHARDS + 1) if choices(loads, size))
    away = choices(loads, size)[0]
    for given in sorted({*range(SHARDS)} - {*away}):
        shared = [len({*chosen} & {*away}) for chosen in choices(loads, size) if given in chosen]
        found = list(leaving(problem, away).without(given))
        assert len(found) == bool(shared)
        for place in found:
            assert given in gone(place)
            assert gone(place) in choices(loads, size)
            assert len({*gone(place)} & {*away}) == max(shared)
            assert place[given, 0] == -1


@pytest.mark.parametrize("seed", range(30))
def test_fewer_leave_where_fewer_can(seed: int) -> None:
    problem, loads = crowded(seed)
    size = next(size for size in range(SHARDS + 1) if choices(loads, size))
    for more in range(3):
        away = choices(loads, size + more)[-1]
        found = leaving(problem, away).lessened(ENOUGH)
        assert (found is None) == (more == 0)
        if found is not None:
            assert gone(found) in choices(loads, size)
            shared = max(len({*chosen} & {*away}) for chosen in choices(loads, size))
            assert len({*gone(found)} & {*away}) == shared
            assert {int(found[at, 0]) for at in away if at in gone(found)} <= {
                1
            }  # who leaves anyway has a place


def test_a_node_that_nobody_left_is_not_looked_at() -> None:
    problem, _ = crowded(1)
    assert list(leaving(problem, ()).without(0)) == []
    assert leaving(problem, ()).lessened(ENOUGH) is None


def test_where_nothing_has_a_load_no_node_is_crowded() -> None:
    assert crowding_of(problem_of([], {"nodes": [{"id": "n0"}], "shards": [{"id": "s0"}]})) is None
