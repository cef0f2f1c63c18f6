"""What holds for every answer, on random cases."""

from __future__ import annotations

from typing import Any

import pytest

import shardwright
from shardwright.solver.bounds import lower_bounds
from tests.reference.solve import solve
from tests.solver.making import cluster, constrained, costs, node, policy, problem_of, shard, solved
from tests.strategies import random_case

Json = dict[str, Any]
IMPOSSIBLE = (51, 59, 77, 294)
PACK = policy("pack", "cost_optimization", {"minimize": "node_hours"}, weight=3)
STRICT = policy("full", "load_balancing", {"max_utilization": 100}, enforcement="required")
MORE = [
    constrained("zones", spread={"by": "zone", "max": 2}),
    constrained("few", max_per_node=5),
    policy("stay", "migration", {"stay": True}, enforcement="required"),
    policy("leave", "migration", {"leave": {"region": "us"}}, enforcement="required"),
    STRICT,
]


@pytest.mark.parametrize("seed", range(40))
def test_an_answer_is_certified_at_the_costs_that_it_reports(seed: int) -> None:
    """No bound is above a cost, and where the optimum is proven they are equal."""
    policies, snapshot = random_case(seed)
    program = shardwright.compile(policies)
    result = program.solve(snapshot, strategy="exact", time_limit=20)
    if result.placement is None:
        assert result.status == "conflict"
        return
    again = program.certify(snapshot, result.placement)
    assert result.certificate is not None
    assert result.certificate.certified
    assert again.certified
    terms = {f"{block}/{priority}": cost for (block, priority), cost in costs(result.levels).items()}
    assert terms == result.certificate.terms == again.terms
    assert [sum(term["cost"] for term in level.terms) for level in result.levels] == list(terms.values())
    assert all(level.bound <= level.cost for level in result.levels)
    assert result.status == "feasible" or all(level.bound == level.cost for level in result.levels)


@pytest.mark.parametrize("seed", IMPOSSIBLE)
def test_another_required_policy_makes_nothing_possible(seed: int) -> None:
    """None of these decides a count or replaces the built-in capacity."""
    policies, snapshot = random_case(seed)
    assert solved(policies, snapshot, time_limit=6).status == "conflict"
    for added in MORE:
        assert solved([*policies, added], snapshot, time_limit=6).status == "conflict"


def test_counting_never_claims_more_than_the_optimum() -> None:
    """Lower bounds from counting at the costs of the best, often enough they say something."""
    telling = 0
    for seed in range(100):
        policies, snapshot = random_case(seed)
        policies = [*policies, PACK, STRICT]
        best = solve(policies, snapshot)
        if best is None or any(cost for (block, _), cost in best.costs.items() if block == 1):
            continue
        problem = problem_of(policies, snapshot)
        bounds = lower_bounds(problem, [best.costs.get(level, 0) for level in problem.levels])
        assert {level: bound for level, bound in bounds.items() if bound > best.costs.get(level, 0)} == {}
        telling += any(bounds.values())
    assert telling >= 10


def test_counting_says_how_many_have_to_leave_and_how_many_nodes_it_takes() -> None:
    """Five of load 4 on one node of 10: three have to leave, and two fit on a node."""
    shards = [shard(f"s{at}", "n0", load={"cpu": 4}) for at in range(5)]
    snapshot = cluster([node(f"n{at}") for at in range(5)], shards)
    problem = problem_of([PACK], snapshot)
    assert lower_bounds(problem, (0,) * len(problem.levels)) == {(3, 0): 3, (2, 1): 6}
    assert costs(solved([PACK], snapshot).levels) == {(1, 0): 0, (2, 1): 9, (3, 0): 3}


def test_what_an_empty_cluster_lacks_today_is_tolerated() -> None:
    """Without any settled replica each count that a no_worse rule asks for is short, and may stay so."""
    per = policy("per", "replication", {"per": {"zone": {"a": 2}}}, enforcement="no_worse")
    snapshot = cluster(
        [node("n1", labels={"zone": "a"}), node("n2", labels={"zone": "b"})], [shard("s1", replicas=2)]
    )
    result = solved([per], snapshot)
    assert result.status == "optimal"
    assert [(item.policy, item.amount) for item in result.gave_up] == [("per", 1)]
