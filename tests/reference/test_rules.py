"""Every rule of docs/semantics.md on a cluster small enough to work out by hand."""

from __future__ import annotations

from tests.reference.book import book_of
from tests.reference.judge import judge
from tests.reference.tiny import amounts, cluster, constrained, node, policy, shard
from tests.reference.world import world_of

C = "/actions/placement/constraints"
EU_US = [node("a", "us"), node("b", "us"), node("c", "eu"), node("d")]


def broken(snapshot, placement):
    """What the built-in rules say."""
    return {(b.policy, *b.what): b.amount for b in judge([], snapshot, placement).broken}


def test_one_per_node_counts_how_often_a_node_is_repeated():
    snapshot = cluster(EU_US, [shard("s", "a", "b", "c")])
    assert broken(snapshot, {"s": ["a", "a", "a"]}) == {("one_per_node", "s", "a"): 2, ("placed", "s"): 2}


def test_placed_is_broken_by_too_few_and_by_too_many():
    snapshot = cluster(EU_US, [shard("s", "a", "b"), shard("t", "a")])
    assert broken(snapshot, {"s": [], "t": ["a", "b", "c"]}) == {("placed", "s"): 2, ("placed", "t"): 2}


def test_a_draining_node_keeps_what_it_has_and_a_down_node_nothing():
    states = [node("a", state="draining"), node("b", state="maintenance"), node("c", state="down")]
    snapshot = cluster(states, [shard("s", "a", "c"), shard("t", "b")])
    found = broken(snapshot, {"s": ["a", "c"], "t": ["a"]})
    assert found == {("node_state", "s", "c"): 1, ("node_state", "t", "a"): 1}


def test_capacity_may_stay_as_overloaded_as_it_is_but_not_more():
    snapshot = cluster(
        [node("a", capacity={"cpu": 1.5}), node("b")], [shard("s", "a"), shard("t", "a"), shard("u", "b")]
    )
    today = judge([], snapshot, {"s": ["a"], "t": ["a"], "u": ["b"]})
    worse = judge([], snapshot, {"s": ["a"], "t": ["a"], "u": ["a"]})
    assert today.costs[1, 0] == 5, "2 cpu on 1.5, in tenths"
    assert (today.admissible, worse.admissible) == (True, False)
    assert worse.costs == {(1, 0): 15, (3, 0): 1}


def test_a_reserve_that_governs_every_shard_replaces_capacity():
    reserve = policy("load_balancing", {"capacity": {"reserve": 25}})
    snapshot = cluster([node("a")], [shard("s", "a", load={"cpu": 9}), shard("t", "a", load={"cpu": 2})])
    found = {
        (b.policy, *b.what): b.amount for b in judge([reserve], snapshot, {"s": ["a"], "t": ["a"]}).broken
    }
    assert found == {("p", "a", "cpu"): 4}, "11 on floor(75 % of 10)"


def test_a_reserve_for_some_shards_counts_all_and_leaves_capacity_alone():
    reserve = policy(
        "load_balancing", {"capacity": {"reserve": 20}, "resources": ["cpu"]}, scope={"ids": ["t"]}
    )
    snapshot = cluster([node("a")], [shard("s", "a", load={"cpu": 9}), shard("t", "a", load={"cpu": 2})])
    found = {
        (b.policy, *b.what): b.amount for b in judge([reserve], snapshot, {"s": ["a"], "t": ["a"]}).broken
    }
    assert found == {("p", "a", "cpu"): 3, ("capacity", "a", "cpu"): 1}


def test_a_label_constraint_binds_settled_replicas_and_nodes_without_the_label():
    snapshot = cluster(EU_US, [shard("s", "c", "d")])
    assert amounts(constrained(region="us"), snapshot, {"s": ["a", "d"]}) == {f"{C}/region": {("s", "d"): 1}}
    assert amounts(constrained(region={"not_in": ["us"]}), snapshot, {"s": ["a", "d"]}) == {
        f"{C}/region": {("s", "a"): 1}
    }
    assert amounts(constrained(labels={"region": ["eu", "ap"]}), snapshot, {"s": ["a", "c"]}) == {
        f"{C}/labels/region": {("s", "a"): 1}
    }


def test_node_names_the_nodes():
    snapshot = cluster(EU_US, [shard("s", "a", "b")])
    assert amounts(constrained(node="a"), snapshot, {"s": ["a", "b"]}) == {f"{C}/node": {("s", "b"): 1}}
    assert amounts(constrained(node={"not_in": ["a"]}), snapshot, {"s": ["a", "b"]}) == {
        f"{C}/node": {("s", "a"): 1}
    }


def test_latency_takes_the_best_link_in_either_direction():
    links = [{"from": "eu", "to": "us", "latency_ms": 60}, {"from": "us", "to": "eu", "latency_ms": 20}]
    snapshot = cluster(EU_US, [shard("s", "a", "c", "d")], links=links)
    near = constrained(latency={"from": "us", "max_ms": 20})
    nearer = constrained(latency={"from": "us", "max_ms": 19.5})
    assert amounts(near, snapshot, {"s": ["a", "c", "d"]}) == {f"{C}/latency": {("s", "d"): 1}}
    assert amounts(nearer, snapshot, {"s": ["a", "c"]}) == {f"{C}/latency": {("s", "c"): 1}}


def test_a_node_condition_binds_arrivals_only_and_stands_at_its_own_pointer():
    hot = [
        {"metric": "shard.id", "operator": "eq", "value": "s"},
        {"metric": "node.cpu", "operator": "lt", "value": 80},
    ]
    document = policy("placement", {}, conditions={"all": hot})
    nodes = [
        node("a", metrics={"cpu": 90}),
        node("b", metrics={"cpu": 90}),
        node("c", metrics={"cpu": 79}),
        node("d"),
    ]
    snapshot = cluster(nodes, [shard("s", "a"), shard("t", "a")])
    found = amounts(document, snapshot, {"s": ["a", "b", "c", "d"], "t": ["b"]})
    assert found == {"/conditions/all/1": {("s", "b"): 1, ("s", "d"): 1}}


def test_a_migration_target_binds_arrivals_only():
    snapshot = cluster(EU_US, [shard("s", "a")])
    found = amounts(policy("migration", {"target": {"region": "eu"}}), snapshot, {"s": ["a", "b", "c"]})
    assert found == {"/actions/migration/target": {("s", "b"): 1}}


def test_replicas_are_too_few_or_too_many():
    snapshot = cluster(EU_US, [shard("s", "a", "b")])
    place = {"s": ["a", "b"]}
    assert amounts(constrained(min_replicas=4), snapshot, place) == {f"{C}/min_replicas": {"s": 2}}
    assert amounts(constrained(max_replicas=1), snapshot, place) == {f"{C}/max_replicas": {"s": 1}}
    exact = policy("replication", {"replicas": 3})
    assert amounts(exact, snapshot, place) == {"/actions/replication/replicas": {"s": 1}}
    assert amounts(exact, snapshot, {"s": ["a", "b", "c", "d"]}) == {
        "/actions/replication/replicas": {"s": 1}
    }


def test_per_counts_the_replicas_on_nodes_with_a_value():
    snapshot = cluster(EU_US, [shard("s", "a", "b", "c")])
    document = policy("replication", {"per": {"region": {"us": 1, "eu": {"min": 2}, "ap/x": {"max": 0}}}})
    assert amounts(document, snapshot, {"s": ["a", "b", "c"]}) == {
        "/actions/replication/per/region/us": {("s", "region", "us"): 1},
        "/actions/replication/per/region/eu": {("s", "region", "eu"): 1},
    }
    assert "/actions/replication/per/region/ap~1x" in {rule.pointer for rule in rules_of(document, snapshot)}


def rules_of(document, snapshot):
    return book_of(world_of([document], snapshot)).rules


def test_spread_max_names_the_value_and_skips_nodes_without_the_label():
    snapshot = cluster([*EU_US, node("e")], [shard("s", "a", "b", "c", "d", "e")])
    document = constrained(spread={"by": "region", "max": 1})
    assert amounts(document, snapshot, {"s": ["a", "b", "c", "d", "e"]}) == {
        f"{C}/spread/max": {("s", "us"): 1}
    }


def test_spread_min_values_counts_distinct_values():
    snapshot = cluster(EU_US, [shard("s", "a", "b", "d")])
    document = constrained(spread=[{"by": "region", "max": 2}, {"by": "region", "min_values": 3}])
    assert amounts(document, snapshot, {"s": ["a", "b", "d"]}) == {f"{C}/spread/1/min_values": {"s": 2}}


def test_cross_region_is_spread_by_region():
    snapshot = cluster(EU_US, [shard("s", "a", "b")])
    document = policy("replication", {"cross_region": {"min_regions": 2, "max_regions": 0}})
    assert amounts(document, snapshot, {"s": ["a", "b"]}) == {
        "/actions/replication/cross_region/min_regions": {"s": 1},
        "/actions/replication/cross_region/max_regions": {"s": 1},
    }


def test_max_skew_compares_with_the_emptiest_value_that_may_hold_the_shard():
    nodes = [*EU_US, node("x", "ap", state="draining")]
    snapshot = cluster(nodes, [shard("s", "a", "b")])
    skew = {"spread": {"by": "region", "max_skew": 1}}
    assert amounts(constrained(**skew), snapshot, {"s": ["a", "b"]}) == {f"{C}/spread/max_skew": {"s": 1}}
    assert amounts(constrained(**skew), snapshot, {"s": ["a", "c"]}) == {}
    assert amounts(constrained(**skew, region="us"), snapshot, {"s": ["a", "b"]}) == {}, (
        "us alone is eligible"
    )


def test_apart_from_the_same_group_on_a_node():
    shards = [
        shard("s", "a", group="g"),
        shard("t", "a", group="g"),
        shard("u", "a", group="h"),
        shard("v", "a"),
    ]
    snapshot = cluster(EU_US, shards)
    found = amounts(
        constrained(apart_from={"group": "same"}), snapshot, {"s": ["a"], "t": ["a"], "u": ["a"], "v": ["a"]}
    )
    assert found == {f"{C}/apart_from": {("s", "a"): 1, ("t", "a"): 1}}


def test_apart_by_label_from_shards_that_differ():
    gold, silver = {"tier": "gold"}, {"tier": "silver"}
    shards = [
        shard("s", "a", labels=gold),
        shard("t", "b", labels=silver),
        shard("u", "b", labels=gold),
        shard("v", "b"),
    ]
    snapshot = cluster(EU_US, shards)
    document = constrained(apart_from={"differing_in": "tier", "by": "region"}) | {
        "scope": {"ids": ["s", "v"]}
    }
    place = {"s": ["a"], "t": ["b"], "u": ["b"], "v": ["b"]}
    assert amounts(document, snapshot, place) == {f"{C}/apart_from": {("s", "us"): 1}}
    assert amounts(document, snapshot, place | {"t": ["c"]}) == {}


def test_exclusive_is_apart_from_every_shard_that_is_not_governed():
    snapshot = cluster(EU_US, [shard("s", "a"), shard("t", "b"), shard("u", "c")])
    place = {"s": ["a"], "t": ["b"], "u": ["b"]}
    document = constrained(exclusive={"by": "region"}) | {"scope": {"ids": ["s", "t"]}}
    assert amounts(document, snapshot, place) == {f"{C}/exclusive": {("s", "us"): 1, ("t", "us"): 1}}
    document = constrained(exclusive=True) | {"scope": {"ids": ["s", "t"]}}
    assert amounts(document, snapshot, place) == {f"{C}/exclusive": {("t", "b"): 1}}


def test_together_wants_every_target_where_the_shard_is():
    shards = [shard("s", "a", "c"), shard("t", "b", group="g"), shard("u", "a", group="g")]
    document = constrained(together_with={"group": "g", "by": "region"}) | {"scope": {"ids": ["s"]}}
    place = {"s": ["a", "c"], "t": ["b", "c"], "u": ["a"]}
    assert amounts(document, cluster(EU_US, shards), place) == {f"{C}/together_with": {("s", "eu"): 1}}


def test_max_utilization_limits_the_load_of_governed_shards():
    shards = [shard("s", "a", load={"cpu": 6}), shard("t", "a", load={"cpu": 3})]
    document = policy("load_balancing", {"max_utilization": 55}, scope={"ids": ["s"]})
    found = amounts(document, cluster(EU_US, shards), {"s": ["a"], "t": ["a"]})
    assert found == {"/actions/load_balancing/max_utilization": {("a", "cpu"): 1}}, "6 on floor(5.5)"


def test_limits_over_a_label_add_up_its_living_nodes_that_fulfil_the_conditions():
    nodes = [
        node("a", "us"),
        node("b", "us", state="down"),
        node("c", "us"),
        node("d", "us", labels={"old": "yes"}),
    ]
    shards = [shard("s", "a", "c", "d", load={"cpu": 8})]
    document = policy(
        "load_balancing",
        {"max_utilization": {"cpu": 75}, "over": "region"},
        conditions={"metric": "node.old", "operator": "not_exists"},
    )
    found = amounts(document, cluster(nodes, shards), {"s": ["a", "c", "d"]})
    assert found == {"/actions/load_balancing/max_utilization/cpu": {("us", "cpu"): 1}}, "16 on 75 % of 20"


def test_safe_limits_only_nodes_that_give_it():
    nodes = [node("a", safe={"cpu": 2.5}), node("b")]
    snapshot = cluster(nodes, [shard("s", "a", "b", load={"cpu": 4})])
    found = amounts(policy("load_balancing", {"safe": True}), snapshot, {"s": ["a", "b"]})
    assert found == {"/actions/load_balancing/safe": {("a", "cpu"): 15}}, "in tenths"


def test_max_per_node_counts_governed_replicas():
    snapshot = cluster(EU_US, [shard("s", "a"), shard("t", "a"), shard("u", "a")])
    document = constrained(max_per_node=1) | {"scope": {"ids": ["s", "t"]}}
    found = amounts(document, snapshot, {"s": ["a"], "t": ["a"], "u": ["a"]})
    assert found == {f"{C}/max_per_node": {("a", "replicas"): 1}}


def test_stay_binds_settled_replicas_where_the_conditions_hold():
    nodes = [node("a", "us"), node("b", "eu"), node("c", "us", state="down"), node("d", "us")]
    snapshot = cluster(nodes, [shard("s", "a", "b", "c")])
    everywhere = policy("migration", {"stay": True})
    in_us = everywhere | {"conditions": {"expr": "current.region == 'us'"}}
    place = {"s": ["d"]}
    assert amounts(everywhere, snapshot, place) == {"/actions/migration/stay": {("s", "a"): 1, ("s", "b"): 1}}
    assert amounts(in_us, snapshot, place) == {"/actions/migration/stay": {("s", "a"): 1}}


def test_leave_names_replicas_where_conditions_and_selector_hold():
    nodes = [node("a", "us", metrics={"hot": 1}), node("b", "us"), node("c", "eu", metrics={"hot": 1})]
    snapshot = cluster(nodes, [shard("s", "a", "b", "c")])
    hot = {"metric": "node.hot", "operator": "gte", "value": 1}
    place = {"s": ["a", "b", "c"]}
    chosen = policy("migration", {"leave": {"region": "us"}}, conditions=hot)
    assert amounts(chosen, snapshot, place) == {"/actions/migration/leave": {("s", "a"): 1}}
    implied = policy("migration", {}, conditions=hot)
    assert amounts(implied, snapshot, place) == {"/actions/migration": {("s", "a"): 1, ("s", "c"): 1}}
