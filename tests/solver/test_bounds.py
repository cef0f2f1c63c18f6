"""Lower bounds and their proofs: never above the best, and checked by adding up numbers of the snapshot."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np
import pytest

from shardwright.solver.bounds import lower_bounds, prove
from shardwright.solver.bounds.assignment import SCALE
from shardwright.solver.bounds.subsets import Refuted, Split
from shardwright.solver.problem import Problem
from tests.reference.solve import solve
from tests.solver.making import cluster, node, policy, problem_of, shard
from tests.strategies import random_case

Json = dict[str, Any]


@pytest.mark.parametrize("first", range(1000, 1300, 50))
def test_no_bound_is_above_the_best(first: int) -> None:
    """Level by level, at the costs of the best placement."""
    for seed in range(first, first + 50):
        policies, snapshot = random_case(seed)
        best = solve(policies, snapshot)
        if best is None:
            continue
        problem = problem_of(policies, snapshot)
        costs = [best.costs.get(level, 0) for level in problem.levels]
        bounds = lower_bounds(problem, costs)
        assert all(bounds.get(level, 0) <= cost for level, cost in zip(problem.levels, costs, strict=True)), (
            seed
        )


def crowded(seed: int, nodes: int = 8, shards: int = 120) -> Json:
    """Loads of all sizes in two resources, all on a third of the nodes."""
    draw = np.random.default_rng(seed)
    loads = draw.lognormal(0.0, 1.0, (shards, 2)).round(2).tolist()
    room = [round(1.3 * sum(load[at] for load in loads) / nodes, 2) for at in range(2)]
    return cluster(
        [node(f"n{at}", capacity={"cpu": room[0], "memory": room[1]}) for at in range(nodes)],
        [
            shard(f"s{at:03}", f"n{at % 3}", load={"cpu": loads[at][0], "memory": loads[at][1]})
            for at in range(shards)
        ],
    )


@pytest.mark.parametrize("seed", range(5))
def test_removals_are_checked_by_sorting_and_adding(seed: int) -> None:
    """From the snapshot's own numbers: by the weights, fewer of the heaviest cannot cover the excess."""
    snapshot = crowded(seed)
    problem = problem_of([], snapshot)
    (proof,) = prove(problem, [0] * len(problem.levels))
    assert proof.by == "removals"
    total = 0
    for at, shown in proof.data.nodes.items():
        name, capacity = problem.cluster.nodes.ids[at], snapshot["nodes"][at]["capacity"]
        held = [each for each in snapshot["shards"] if each["placement"] == [{"node": name}]]
        loads = [{r: Fraction(str(each["load"][r])) for r in capacity} for each in held]
        excess = {r: sum(load[r] for load in loads) - Fraction(str(capacity[r])) for r in capacity}
        total += shown_by(problem, shown, dict(enumerate(loads)), excess)
    assert total == proof.least > 0


Load = dict[str, Fraction]


def shown_by(problem: Problem, shown: Refuted, loads: dict[int, Load], excess: Load) -> int:
    """How many of the loads it takes at least to cover an excess; things of a split are their rows."""
    if isinstance(shown, Split):
        others = {at: load for at, load in loads.items() if at != shown.thing}
        rest = {r: excess[r] - loads[shown.thing][r] for r in excess}
        without = shown_by(problem, shown.without, others, excess)
        return min(without, 1 + shown_by(problem, shown.along, others, rest))
    price = dict(zip(problem.cluster.resources, _by_resource(problem, shown), strict=True))
    worth = sorted((sum(price[r] * load[r] for r in price) for load in loads.values()), reverse=True)
    fewest = 0
    while sum(worth[:fewest]) < sum(price[r] * excess[r] for r in price):
        fewest += 1
        if fewest > len(worth):
            break
    return fewest


def _by_resource(problem: Problem, weights: tuple[int, ...]) -> list[Fraction]:
    """Weights of measures (whole numbers of the resource times its scale), by resource."""
    scale = problem.quantities.scale
    return [Fraction(weight) * scale[at] for at, weight in enumerate(weights)]


def preferring(fast: float) -> Problem:
    """Ten shards of load 1 that would all rather be on the two fast nodes, which have room for some."""
    nodes = [node(f"f{at}", labels={"disk": "ssd"}, capacity={"cpu": fast / 2}) for at in range(2)]
    nodes += [node(f"h{at}", labels={"disk": "hdd"}, capacity={"cpu": 20}) for at in range(2)]
    shards = [shard(f"s{at}", load={"cpu": 1}) for at in range(10)]
    goal = policy("fast", "placement", {"preferences": [{"labels": {"disk": "ssd"}, "weight": 7}]})
    return problem_of([goal], cluster(nodes, shards))


@pytest.mark.parametrize(("fast", "least"), [(20, 0), (6, 4 * 7), (2, 8 * 7)])
def test_the_cheapest_places_have_room_for_so_many(fast: float, least: int) -> None:
    problem = preferring(fast)
    bounds = lower_bounds(problem, [0] * len(problem.levels))
    assert sum(bounds.values()) == least


def test_prices_are_checked_by_multiplying_and_adding() -> None:
    """Weak duality in the snapshot's numbers: y x demand, less z x room, less what is beyond the costs."""
    problem = preferring(6)
    (proof,) = prove(problem, [0] * len(problem.levels))
    transport, prices = proof.data
    ssd = [label == "ssd" for label in ("ssd", "ssd", "hdd", "hdd")]  # of f0, f1, h0, h1
    scale = problem.quantities.scale[0]
    total = Fraction(0)
    for bucket in transport.bucket.tolist():
        total += Fraction(prices.place[bucket], SCALE)  # each shard wants one replica
    for kind in sorted(set(transport.kind.tolist())):
        room = sum(3 if ssd[at] else 20 for at in range(4) if transport.kind[at] == kind)
        total -= Fraction(prices.load[kind][0], SCALE) * room * scale
    for bucket in transport.bucket.tolist():
        for at in range(4):
            load = Fraction(prices.load[transport.kind[at]][0], SCALE) * scale
            total -= max(Fraction(0), Fraction(prices.place[bucket], SCALE) - load - (0 if ssd[at] else 7))
    assert proof.by == "cheapest places"
    assert proof.least - 1 < total <= proof.least == 28


def test_what_is_too_much_for_all_is_counted() -> None:
    """A limit that may yield: 12 replicas of load 1 where four nodes should hold two each."""
    limit = {"constraints": {"max_per_node": 2}}
    spare = policy("spare", "placement", limit, enforcement="yielding", weight=3)
    snapshot = cluster([node(f"n{at}") for at in range(4)], [shard(f"s{at}") for at in range(12)])
    problem = problem_of([spare], snapshot)
    assert max(lower_bounds(problem, [0] * len(problem.levels)).values()) == 3 * (12 - 8)


def test_about_an_empty_cluster_nothing_is_claimed() -> None:
    for snapshot in (cluster([], []), cluster([node("n1")], []), cluster([], [shard("s1", replicas=0)])):
        problem = problem_of([], snapshot)
        assert lower_bounds(problem, (0,) * len(problem.levels)) == {}
