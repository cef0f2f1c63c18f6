"""Judging and solving: enforcement, levels, and the best of all placements."""

from __future__ import annotations

from itertools import chain, combinations, product

import pytest

from tests.reference.judge import judge
from tests.reference.solve import size_of, solve
from tests.reference.tiny import cluster, constrained, node, policy, shard
from tests.strategies import random_case

ABC = [node("a", "us"), node("b", "us"), node("c", "eu")]


def only_eu(enforcement, priority=1, **more):
    name = f"eu-{enforcement}"
    return constrained(region="eu") | {"enforcement": enforcement, "priority": priority, "name": name} | more


def test_each_enforcement_costs_at_its_own_level():
    snapshot, place = cluster(ABC, [shard("s", "a")]), {"s": ["b"]}
    policies = [only_eu("yielding", 2, weight=3), only_eu("preferred", 2, weight=5)]
    judgement = judge(policies, snapshot, place)
    assert judgement.costs == {(1, 0): 0, (1, 2): 3, (3, 0): 1, (4, 2): 5}
    assert judgement.gave_up() == {("eu-yielding", "/actions/placement/constraints/region"): 1}
    assert not judge([only_eu("required")], snapshot, place).admissible


def test_goals_stand_in_block_2_or_for_placement_policies_in_block_4():
    snapshot, place = cluster(ABC, [shard("s", "a")]), {"s": ["a"]}
    for_all = policy("placement", {"strategy": "binpack", "applies_to": "all"}, priority=3) | {"name": "all"}
    arrivals = policy("placement", {"strategy": "binpack"}, priority=3)
    assert judge([for_all, arrivals], snapshot, place).costs == {(1, 0): 0, (2, 3): 1, (3, 0): 0, (4, 3): 1}
    assert judge([policy("cost_optimization", {"consolidate": True})], snapshot, place).costs[2, 1] == 1


def test_no_worse_tolerates_what_is_broken_today_per_what():
    snapshot = cluster(ABC, [shard("s", "a"), shard("t", "c")])
    today = judge([only_eu("no_worse")], snapshot, {"s": ["a"], "t": ["c"]})
    moved = judge([only_eu("no_worse")], snapshot, {"s": ["c"], "t": ["a"]})
    assert (today.admissible, today.costs[1, 1]) == (True, 1)
    assert [broken.what for broken in moved.forbidden] == [("t", "a")]


def test_the_more_important_policy_wins_and_the_other_says_what_it_gave_up():
    pin = constrained(node="a") | {"name": "pin", "priority": 2}
    best = solve([pin, only_eu("yielding", 1)], cluster(ABC, [shard("s", "a")]))
    assert best.placements == [{"s": frozenset("c")}]
    assert best.costs == {(1, 0): 0, (1, 1): 0, (1, 2): 1, (3, 0): 1}
    assert best.gave_up == [{("pin", "/actions/placement/constraints/node"): 1}]


def test_a_goal_never_buys_itself_a_broken_rule_or_a_placement_goal_a_move():
    snapshot = cluster(ABC, [shard("s", "a", load={"cpu": 5}), shard("t", "a", load={"cpu": 5})])
    balance = policy("placement", {"strategy": "least_loaded"})
    assert solve([balance], snapshot).placements == [{"s": frozenset("a"), "t": frozenset("a")}]
    lifted = policy("placement", {"strategy": "least_loaded", "applies_to": "all"})
    best = solve([lifted], snapshot)
    assert len(best.placements) == 4, "one of the two goes to b or c"
    assert best.costs[3, 0] == 1


def test_no_placement_is_an_answer():
    assert solve([only_eu("required")], cluster(ABC, [shard("s", "a", "c")])) is None
    assert solve([], cluster([node("a", state="down")], [shard("s", "a")])) is None


def test_an_overloaded_cluster_has_an_answer_and_is_repaired():
    nodes = [node("a", capacity={"cpu": 1}), node("b", capacity={"cpu": 1})]
    snapshot = cluster(nodes, [shard("s", "a"), shard("t", "a"), shard("u", "b")])
    best = solve([], snapshot)
    assert best.costs == {(1, 0): 1, (3, 0): 0}, "b is full, so a stays overloaded"


def test_a_wanted_replica_beyond_the_own_count_is_added_where_nothing_forbids_it():
    more = policy("replication", {"min_replicas": 3})
    roomy = cluster(ABC, [shard("s", "a")])
    assert solve([more], roomy).placements == [{"s": frozenset("abc")}]
    tight = solve([more, only_eu("required")], cluster(ABC, [shard("s", "a")]))
    assert (tight.placements, tight.costs[1, 1]) == ([{"s": frozenset("c")}], 2)


def naive(policies, snapshot):
    """Judge every set of nodes for every shard: no pruning at all."""
    names = [node["id"] for node in snapshot["nodes"]]
    sets = list(chain.from_iterable(combinations(names, n) for n in range(len(names) + 1)))
    ids = [shard["id"] for shard in snapshot["shards"]]
    found = [(judge(policies, snapshot, place), place) for place in ways(ids, sets)]
    fine = [(list(j.costs.values()), place) for j, place in found if j.admissible]
    least = min((costs for costs, _ in fine), default=None)
    return least, [{s: frozenset(n) for s, n in place.items()} for costs, place in fine if costs == least]


def ways(ids, sets):
    return [dict(zip(ids, chosen, strict=True)) for chosen in product(sets, repeat=len(ids))]


def few_enough(seed):
    _, snapshot = random_case(seed)
    return (1 << len(snapshot["nodes"])) ** len(snapshot["shards"]) <= 300


@pytest.mark.parametrize("seed", [seed for seed in range(400) if few_enough(seed)])
def test_solving_agrees_with_judging_every_placement(seed):
    policies, snapshot = random_case(seed)
    costs, placements = naive(policies, snapshot)
    best = solve(policies, snapshot)
    if best is None:
        assert costs is None
    else:
        assert list(best.costs.values()) == costs
        assert sorted(map(str, map(sorted_placement, best.placements))) == sorted(
            map(str, map(sorted_placement, placements))
        )


def sorted_placement(placement):
    return {shard: sorted(nodes) for shard, nodes in placement.items()}


def test_the_same_seed_gives_the_same_case_and_few_placements():
    for seed in range(50):
        assert random_case(seed) == random_case(seed)
        assert size_of(*random_case(seed)) <= 20_000
