"""A replica that is asked to be on a node: the optimum with it there is that of the slow reference."""

from __future__ import annotations

import time
from dataclasses import replace
from itertools import product

import pytest

import shardwright
from shardwright.cluster.load import cluster_from
from shardwright.solver.certify import Pair, certify
from shardwright.solver.exact import solve_exact
from shardwright.solver.names import Names
from shardwright.solver.outcome import Limits
from shardwright.solver.problem import Problem
from shardwright.solver.search.propose import solve_search
from shardwright.solver.words import sentence
from tests.reference.pinned import admissible, least_with
from tests.reference.world import Placement
from tests.solver.making import cluster, node, problem_of, shard
from tests.strategies import random_case

PAIRS = 3  # of each case


@pytest.mark.parametrize("seed", range(12))
def test_the_optimum_with_a_replica_pinned_is_the_reference_s(seed: int) -> None:
    policies, snapshot = random_case(seed)
    placements = admissible(policies, snapshot)
    problem = shardwright.compile(policies).on(cluster_from(snapshot)).problem
    ids = problem.cluster.shards.ids, problem.cluster.nodes.ids
    pairs = list(product(range(len(ids[0])), range(len(ids[1]))))
    for pair in pairs[:: max(1, len(pairs) // PAIRS)]:
        pinned = replace(problem, pinned=(pair,))
        outcome = solve_exact(pinned, Limits(time.monotonic() + 20))
        expected = least_with(placements, ids[0][pair[0]], ids[1][pair[1]])
        if expected is None:
            assert outcome.status == "conflict"
            continue
        assert outcome.status == "optimal"
        assert outcome.placement is not None
        assert pair in outcome.placement
        judgement = certify(pinned, outcome.placement)
        assert judgement.faults(pinned) == ()
        assert {level: cost for level, cost in judgement.costs.items() if cost} == expected


def test_search_keeps_pinned_replicas_too() -> None:
    """It is never better than the best, and mostly as good."""
    met = total = 0
    for seed in range(20):
        policies, snapshot = random_case(seed)
        placements = admissible(policies, snapshot)
        problem = shardwright.compile(policies).on(cluster_from(snapshot)).problem
        ids = problem.cluster.shards.ids, problem.cluster.nodes.ids
        pair = seed % len(ids[0]), seed % len(ids[1])
        expected = least_with(placements, ids[0][pair[0]], ids[1][pair[1]])
        pinned = replace(problem, pinned=(pair,))
        outcome = solve_search(pinned, Limits(None), workers=1, seed=1, steps=20_000, search_until=None)
        if expected is None:
            assert outcome.status == "unknown"
            continue
        total += 1
        if outcome.status == "unknown":
            continue
        assert outcome.placement is not None
        assert pair in outcome.placement
        judgement = certify(pinned, outcome.placement)
        costs = [judgement.costs[level] for level in problem.levels]
        least = [expected.get(level, 0) for level in problem.levels]
        assert costs >= least
        met += costs == least
    assert met >= 0.95 * total


@pytest.mark.parametrize("seed", range(12))
def test_as_much_as_can_be_of_a_placement_is_kept(seed: int) -> None:
    policies, snapshot = random_case(seed)
    placements = admissible(policies, snapshot)
    problem = shardwright.compile(policies).on(cluster_from(snapshot)).problem
    if not placements:
        return
    near = named(problem, placements[len(placements) // 2][1])
    outcome = solve_exact(replace(problem, near=tuple(near)), Limits(time.monotonic() + 20))
    best = [named(problem, held) for costs, held in placements if costs == placements[0][0]]
    assert outcome.status == "optimal"
    assert outcome.placement is not None
    assert len(set(near) & set(outcome.placement)) == max(len(set(near) & set(one)) for one in best)


def named(problem: Problem, placement: Placement) -> list[Pair]:
    shards, nodes = problem.cluster.shards.ids, problem.cluster.nodes.ids
    return [(shards.index(shard), nodes.index(node)) for shard, held in placement.items() for node in held]


def test_the_certificate_misses_a_pinned_replica_that_is_elsewhere() -> None:
    problem = problem_of([], cluster([node("n1"), node("n2")], [shard("s1", "n1")]))
    pinned = replace(problem, pinned=((0, 1),))
    (fault,) = certify(pinned, [(0, 0)]).faults(pinned)
    said = sentence(pinned.rules[fault.rule], fault, Names(pinned))
    assert said == "shard `s1` is not on node `n2`, where it is asked to be"
