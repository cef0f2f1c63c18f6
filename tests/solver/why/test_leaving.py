"""Who leaves a crowded node when a certain replica is to leave too: as many as before, few others."""

from __future__ import annotations

from itertools import combinations
from random import Random

import numpy as np
import pytest

from shardwright.solver.certify import certify
from shardwright.solver.why.leaving import Leaving
from tests.solver.making import cluster, node, policy, problem_of, shard

ROOM, SHARDS = 60, 9


@pytest.mark.parametrize("seed", range(30))
def test_as_many_leave_as_before_and_as_few_others_as_can_be(seed: int) -> None:
    """One node holds too much, the other has room for all; every choice of who leaves is looked at."""
    random = Random(seed)
    loads = [{"cpu": random.randint(1, 30), "memory": random.randint(1, 30)} for _ in range(SHARDS)]
    snapshot = cluster(
        [
            node("full", capacity={"cpu": ROOM, "memory": ROOM}),
            node("roomy", capacity={"cpu": 999, "memory": 999}),
        ],
        [shard(f"s{at}", "full", load=load) for at, load in enumerate(loads)],
    )
    problem = problem_of([policy("full", "load_balancing", {"max_utilization": 100})], snapshot)

    def is_enough(away: tuple[int, ...]) -> bool:
        return all(sum(loads[at][key] for at in range(SHARDS) if at not in away) <= ROOM for key in loads[0])

    size = next(size for size in range(SHARDS + 1) if any(map(is_enough, combinations(range(SHARDS), size))))
    away = next(filter(is_enough, combinations(range(SHARDS), size)))
    placement = np.array([(at, int(at in away)) for at in range(SHARDS)], dtype=np.int32)
    costs = certify(problem, [(at, int(at in away)) for at in range(SHARDS)]).costs
    for given in set(range(SHARDS)) - set(away):
        choices = [chosen for chosen in combinations(range(SHARDS), size) if given in chosen]
        shared = max((len(set(chosen) & set(away)) for chosen in filter(is_enough, choices)), default=None)
        found = list(Leaving(problem, placement, costs).around(given, 1))
        assert len(found) == (shared is not None)
        for pairs in found:
            chosen = tuple(sorted({*range(SHARDS)} - set(pairs[pairs[:, 1] == 0, 0].tolist())))
            assert (given, 1) in {*map(tuple, pairs.tolist())}
            assert (len(chosen), is_enough(chosen)) == (size, True)
            assert len(set(chosen) & set(away)) == shared


def test_a_node_that_nobody_left_is_not_looked_at() -> None:
    snapshot = cluster([node("n0"), node("n1")], [shard("s0", "n0", load={"cpu": 1})])
    problem = problem_of([], snapshot)
    placement = np.array([(0, 0)], dtype=np.int32)
    costs = certify(problem, [(0, 0)]).costs
    assert list(Leaving(problem, placement, costs).around(0, 1)) == []
