"""Every goal of docs/semantics.md on a cluster small enough to work out by hand."""

from __future__ import annotations

from tests.reference.tiny import cluster, costs, node, policy, shard

THREE = [node("a", "us"), node("b", "us"), node("c", "eu")]


def test_balance_costs_what_is_above_the_mean_and_the_tolerance():
    snapshot = cluster(THREE, [shard("s", "a", load={"cpu": 6}), shard("t", "a", load={"cpu": 3})])
    place = {"s": ["a"], "t": ["a"]}
    assert costs(policy("load_balancing", {}), snapshot, place) == 6, "9 on floor(3 x 1.05)"
    assert costs(policy("load_balancing", {"tolerance": 34}), snapshot, place) == 5, "9 on floor(4.02)"
    assert costs(policy("load_balancing", {"max_utilization": 80}), snapshot, place) == 0, "no balance"
    assert costs(policy("placement", {"strategy": "least_loaded"}), snapshot, place) == 6


def test_balance_weighs_the_excess_by_the_size_of_the_site():
    nodes = [node("a", capacity={"cpu": 4}), node("b", capacity={"cpu": 10})]
    snapshot = cluster(nodes, [shard("s", "a", load={"cpu": 7})])
    document = policy("load_balancing", {"tolerance": 0})
    assert costs(document, snapshot, {"s": ["a"]}) == 5 * 5, "limit 2; factors 250 and 100 are 5 and 2"
    assert costs(document, snapshot, {"s": ["b"]}) == 2 * 2, "limit 5"


def test_balance_over_a_label_and_only_where_the_conditions_hold():
    nodes = [*THREE, node("d", "ap", metrics={"old": 1})]
    snapshot = cluster(nodes, [shard("s", "a", load={"cpu": 8}), shard("t", "d", load={"cpu": 4})])
    document = policy("load_balancing", {"over": "region"}, conditions={"expr": "node.old not exists"})
    assert costs(document, snapshot, {"s": ["a"], "t": ["b"]}) == 12 - 6, "limit floor(20 x 12 / 40 x 1.05)"
    assert costs(document, snapshot, {"s": ["c"], "t": ["d"]}) == 2 * (8 - 3), "d is no site; c is half of us"


def test_balance_takes_the_wanted_counts_for_the_total():
    snapshot = cluster(THREE, [shard("s", "a", load={"cpu": 6})])
    document = policy("load_balancing", {"tolerance": 0})
    document["actions"]["replication"] = {"min_replicas": 3}
    assert costs(document, snapshot, {"s": ["a", "b"]}) == 0, "the limit is 18 / 3"


def test_spread_strategy_counts_replicas_and_rounds_the_limit_up():
    snapshot = cluster([*THREE, node("d", state="draining")], [shard(n, "a") for n in "stuv"])
    document = policy("placement", {"strategy": "spread"})
    assert costs(document, snapshot, {name: ["a"] for name in "stuv"}) == 2, "4 on ceil(4 / 3)"


def test_headroom_is_in_the_units_of_the_user_made_whole():
    nodes = [node("a", capacity={"cpu": 10, "memory": 12.5}), node("b", capacity={"cpu": 2, "memory": 50})]
    shards = [shard("s", "a", load={"cpu": 1, "memory": 1.5})]
    ratio = {"of": "memory", "per": "cpu", "target": 1.5, "weight": 2}
    document = policy("load_balancing", {"headroom": [ratio]})
    assert costs(document, cluster(nodes, shards), {"s": ["a"]}) == 2 * 25, "1.5 x 9 - 11, in tenths, twice"


def test_fewest_moves_counts_moves_their_costs_or_their_transient_loads():
    shards = [
        shard("s", "a", "b", move_cost=2.5, load={"memory": 3}),
        shard("t", "a", move_cost=1, load={"memory": 1}),
    ]
    snapshot, place = cluster(THREE, shards), {"s": ["c", "b"], "t": ["b"]}
    assert costs(policy("migration", {"minimize": "moves"}), snapshot, place) == 2
    assert costs(policy("migration", {"minimize": "cost"}), snapshot, place) == 35, "in tenths"
    assert costs(policy("migration", {"minimize": "bytes"}), snapshot, place) == 4
    assert costs(policy("placement", {"strategy": "sticky"}), snapshot, place) == 2


def test_prefer_costs_a_miss_and_with_a_negative_weight_a_hit():
    snapshot, place = cluster(THREE, [shard("s", "a", "b", "c")]), {"s": ["a", "b", "c"]}
    for weight, cost in ((3, 3), (-3, 6)):
        wish = [{"labels": {"region": "us"}, "weight": weight}]
        assert costs(policy("placement", {"preferences": wish}), snapshot, place) == cost
        assert costs(policy("cost_optimization", {"prefer": wish}), snapshot, place) == cost


def test_pack_counts_nodes_that_hold_governed_replicas():
    snapshot = cluster(THREE, [shard("s", "a", "b"), shard("t", "b"), shard("u", "c")])
    place, scope = {"s": ["a", "b"], "t": ["b"], "u": ["c"]}, {"ids": ["s", "t"]}
    assert costs(policy("cost_optimization", {"consolidate": True}, scope=scope), snapshot, place) == 2
    assert costs(policy("cost_optimization", {"minimize": "node_hours"}), snapshot, place) == 3
    assert costs(policy("placement", {"strategy": "binpack"}, scope=scope), snapshot, place) == 2
    in_us = {"expr": "node.region == 'us'"}
    assert costs(policy("cost_optimization", {"consolidate": True}, conditions=in_us), snapshot, place) == 2


def test_cost_pays_each_node_once_and_lowest_cost_each_replica():
    nodes = [node("a", cost_per_hour=1.25), node("b", cost_per_hour=3), node("c")]
    snapshot = cluster(nodes, [shard("s", "a", "b"), shard("t", "a")])
    place = {"s": ["a", "c"], "t": ["a"]}
    assert costs(policy("cost_optimization", {"minimize": "cost"}), snapshot, place) == 125, "in hundredths"
    assert costs(policy("placement", {"strategy": "lowest_cost"}), snapshot, place) == 250


def test_nearness_adds_latencies_and_takes_the_largest_where_no_link_tells():
    links = [{"from": "us", "to": "eu", "latency_ms": 12.5}, {"from": "us", "to": "ap", "latency_ms": 90}]
    snapshot = cluster(
        [*THREE, node("d", "sa")],
        [shard("s", "a", "b", "c"), shard("t", "a", labels={"region": "eu"})],
        links=links,
    )
    place = {"s": ["a", "c", "d"], "t": ["a"]}
    near_us = policy(
        "placement", {"strategy": "nearest", "constraints": {"latency": {"from": "us", "max_ms": 999}}}
    )
    assert costs(near_us, snapshot, place) == 0 + 125 + 900 + 0
    assert costs(policy("placement", {"strategy": "nearest"}), snapshot, place) == 3 * 900 + 125, (
        "s has no region"
    )


def test_goals_are_multiplied_by_the_weight_of_their_policy():
    snapshot = cluster(THREE, [shard("s", "a")])
    assert costs(policy("cost_optimization", {"consolidate": True}, weight=4), snapshot, {"s": ["a"]}) == 4
