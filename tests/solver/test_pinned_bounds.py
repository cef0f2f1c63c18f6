"""Bounds know what a pinned replica takes: they never pass the optimum, and say more than without it."""

from __future__ import annotations

import time
from dataclasses import replace

import shardwright
from shardwright.solver.bounds import lower_bounds
from shardwright.solver.certify import certify
from shardwright.solver.exact import solve_exact
from shardwright.solver.outcome import Limits
from tests.solver.making import cluster, constrained, node, policy, problem_of, shard
from tests.strategies import random_case

MORE = [
    constrained("zones", spread={"by": "zone", "max": 1}),
    policy("full", "load_balancing", {"max_utilization": 100}),
]
CASES = 35


def test_no_bound_passes_the_optimum_with_a_pinned_replica() -> None:
    telling = 0
    for seed in range(CASES):
        policies, snapshot = random_case(seed)
        problem = problem_of([*policies, *MORE], snapshot)
        shards, nodes = len(problem.cluster.shards.ids), len(problem.cluster.nodes.ids)
        pinned = replace(problem, pinned=((seed % shards, (7 * seed + 1) % nodes),))
        outcome = solve_exact(pinned, Limits(time.monotonic() + 20))
        if outcome.placement is None:
            continue
        costs = certify(pinned, outcome.placement).level_costs
        bounds = lower_bounds(pinned, costs)
        assert all(bounds.get(level, 0) <= cost for level, cost in zip(pinned.levels, costs, strict=True))
        telling += bounds.get((3, 0), 0) > lower_bounds(problem, costs).get((3, 0), 0)
    assert telling >= 5


def test_who_makes_way_for_a_pinned_replica_is_counted() -> None:
    """The node is full, so one leaves it; and the shard gives up one of its own, where no one need leave."""
    snapshot = cluster(
        [node(f"n{at}", labels={"zone": f"z{at % 2}"}, capacity={"cpu": 2}) for at in range(4)],
        [shard(f"s{at}", f"n{at % 2}", load={"cpu": 1}) for at in range(4)],
    )
    problem = problem_of([], snapshot)
    assert lower_bounds(problem, (0,) * len(problem.levels)) == {}
    pinned = replace(problem, pinned=((0, 1),))
    assert lower_bounds(pinned, (0,) * len(pinned.levels)) == {(3, 0): 2}
    free = replace(problem, pinned=((0, 2),))
    assert lower_bounds(free, (0,) * len(free.levels)) == {(3, 0): 1}


def test_who_is_pinned_at_home_does_not_make_way() -> None:
    """The heavy one would do alone; where it stays, two light ones leave."""
    snapshot = cluster(
        [node("n0", capacity={"cpu": 4}), node("n1", capacity={"cpu": 9})],
        [shard(f"s{at}", "n0", load={"cpu": load}) for at, load in enumerate((2, 1, 1, 1, 1))],
    )
    problem = problem_of([], snapshot)
    assert lower_bounds(problem, (0,) * len(problem.levels)) == {(3, 0): 1}
    stays = replace(problem, pinned=((0, 0),))
    assert lower_bounds(stays, (0,) * len(stays.levels)) == {(3, 0): 2}


def test_a_replica_is_pinned_where_nothing_has_a_load() -> None:
    """There is nothing to measure, and the price is one move."""
    zones = [{"id": f"n{at}", "labels": {"zone": f"z{at}"}} for at in range(3)]
    snapshot = {"nodes": zones, "shards": [{"id": "s1", "placement": [{"node": "n0"}]}]}
    found = shardwright.compile(MORE[:1]).explain(snapshot, strategy="exact").why_not("s1", "n1")
    assert found.price is not None
    assert (found.price.there[3, 0], found.price.proven) == (1, True)
