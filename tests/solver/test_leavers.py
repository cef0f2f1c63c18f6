"""What single shards ask for: who cannot stay, and what places cost where replicas keep apart."""

from __future__ import annotations

from dataclasses import replace

import pytest

from shardwright.solver.bounds import ideal, lower_bounds
from shardwright.solver.problem import LevelKey, Problem
from tests.reference.pinned import admissible
from tests.solver.making import cluster, constrained, node, problem_of, shard
from tests.strategies import random_case

APART = constrained("apart", spread={"by": "zone", "max": 1})


def bounds(problem: Problem, **known: int) -> dict[LevelKey, int]:
    """At the least costs, besides those that are told of a priority: p1=3."""
    costs = ideal(problem) | {(1, int(name[1:])): cost for name, cost in known.items()}
    return lower_bounds(problem, [costs[level] for level in problem.levels])


def on_disks(enforcement: str) -> Problem:
    """Six shards that should be on ssd: four stand elsewhere."""
    nodes = [node(f"n{at}", labels={"disk": "ssd" if at < 1 else "hdd"}) for at in range(3)]
    shards = [shard(f"s{at}", f"n{at % 3}") for at in range(6)]
    return problem_of([constrained("disks", enforcement, disk="ssd")], cluster(nodes, shards))


def test_who_may_not_stay_leaves() -> None:
    assert bounds(on_disks("required")) == {(3, 0): 4}
    assert bounds(on_disks("yielding")) == {(3, 0): 4}
    assert bounds(on_disks("yielding"), p1=3) == {(3, 0): 1}
    assert bounds(on_disks("no_worse")) == {(3, 0): 4}  # staying is borne, but costs what could cost nothing


def test_too_many_at_a_label_value_leave() -> None:
    nodes = [node(f"n{at}", labels={"zone": f"z{at // 2}"}) for at in range(6)]
    shards = [shard(f"s{at}", "n0", "n1", replicas=2) for at in range(4)]
    shards.append(shard("s4", "n0", "n2", "n4", replicas=2))
    assert bounds(problem_of([APART], cluster(nodes, shards))) == {(3, 0): 5}


def test_replicas_that_keep_apart_cannot_all_have_the_cheapest_places() -> None:
    """Two zones are allowed, and three replicas are to be in zones of their own."""
    nodes = [node(f"n{at}", labels={"zone": f"z{at % 4}"}) for at in range(8)]
    shards = [shard(f"s{at}", replicas=3) for at in range(5)]
    few = constrained("few", "yielding", zone=["z0", "z1"]) | {"priority": 2, "weight": 7}
    assert bounds(problem_of([few], cluster(nodes, shards))) == {}
    problem = problem_of([APART, few], cluster(nodes, shards))
    assert bounds(problem) == {(1, 2): 5 * 7}
    pinned = replace(problem, pinned=((0, 2), (0, 3)))
    assert bounds(pinned) == {(1, 2): 6 * 7}


@pytest.mark.parametrize("seed", range(40, 60))
def test_no_bound_passes_what_costs_no_more_before(seed: int) -> None:
    """Beside every admissible placement, with and without a replica that must be somewhere."""
    policies, snapshot = random_case(seed)
    problem, placements = problem_of(policies, snapshot), admissible(policies, snapshot)
    shards, nodes = problem.cluster.shards.ids, problem.cluster.nodes.ids
    row, at = seed % len(shards), (3 * seed + 1) % len(nodes)
    there = [one for one in placements if nodes[at] in one[1][shards[row]]]
    for asked, found in ((problem, placements), (replace(problem, pinned=((row, at),)), there)):
        vectors = sorted({tuple(costs.get(level, 0) for level in problem.levels) for costs, _ in found})
        for costs in vectors[:: max(1, len(vectors) // 3)]:
            least = lower_bounds(asked, costs)
            for number, level in enumerate(problem.levels):
                before = [
                    one for one in vectors if all(a <= b for a, b in zip(one, costs[:number], strict=False))
                ]
                assert least.get(level, 0) <= min(one[number] for one in before)
        if vectors:
            assert tuple(ideal(asked).values()) <= vectors[0]
