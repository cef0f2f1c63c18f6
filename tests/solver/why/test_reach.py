"""Must, may and never are what looking at every placement finds."""

from __future__ import annotations

import time
from typing import Any

import pytest

import shardwright
from shardwright.cluster.load import cluster_from
from shardwright.solver.outcome import Limits
from shardwright.solver.why.reach import Known, admissible_reach, optimal_reach
from tests.reference.pinned import Priced, admissible
from tests.strategies import random_case

SEEDS = pytest.mark.parametrize("seed", range(60))
Json = dict[str, Any]


def expected(placements: list[Priced], problem: Any) -> tuple[set[Any], set[Any]]:
    """The pairs of rows that are in every placement, and in some."""
    shards, nodes = problem.cluster.shards.ids, problem.cluster.nodes.ids
    sets = [
        {(shards.index(shard), nodes.index(node)) for shard, held in placement.items() for node in held}
        for _, placement in placements
    ]
    return set.intersection(*sets), set.union(*sets)


def assert_agrees(known: Known, placements: list[Priced], problem: Any) -> None:
    assert known.impossible == (not placements)
    if placements:
        every, some = expected(placements, problem)
        assert known.every == every
        assert known.some == some
        assert known.possible == some


@SEEDS
def test_among_the_admissible_placements(seed: int) -> None:
    policies, snapshot = random_case(seed)
    problem = shardwright.compile(policies).on(cluster_from(snapshot)).problem
    rows = range(len(problem.cluster.shards.ids))
    known = admissible_reach(problem, rows, Limits(time.monotonic() + 20))
    assert_agrees(known, admissible(policies, snapshot), problem)


@SEEDS
def test_among_the_optimal_placements(seed: int) -> None:
    policies, snapshot = random_case(seed)
    placements = admissible(policies, snapshot)
    if not placements:
        return
    problem = shardwright.compile(policies).on(cluster_from(snapshot)).problem
    best = [priced for priced in placements if priced[0] == placements[0][0]]
    costs = [best[0][0].get(level, 0) for level in problem.levels]
    rows = range(len(problem.cluster.shards.ids))
    known = optimal_reach(problem, costs, rows, Limits(time.monotonic() + 20))
    assert known is not None
    assert_agrees(known, best, problem)
