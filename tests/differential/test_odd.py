"""Odd cases that told the product and the reference apart once, or what the page on semantics left open."""

from __future__ import annotations

import pytest

import shardwright
from tests.solver.making import cluster, constrained, node, policy, shard, solved
from tests.strategies import odd_case
from tests.truth.answers import certificates

# Objects of a second type with node conditions; texts of the snapshot as bounds; counts by node; flags that
# are false; shards with no replicas, nodes with no room.
TELLING = (82, 186, 187, 371, 700, 1044, 1300)


@pytest.mark.parametrize("seed", TELLING)
def test_any_placement_of_an_odd_case_is_certified_as_the_reference_judges_it(seed: int) -> None:
    assert certificates(seed, odd_case, placements=2).wrong == ()


def test_the_object_of_a_second_type_does_not_see_the_node_conditions() -> None:
    """A migration policy whose condition judges shard and node carries limits, which no condition narrows."""
    away = {"expr": "shard.home != node.region"}
    limit = {"migration": {"leave": True}, "load_balancing": {"max_utilization": 50}}
    nodes = [node("n1", "us"), node("n2", "eu")]
    shards = [shard("s1", labels={"home": "eu"}, load={"cpu": 6})]
    certificate = shardwright.compile(
        [policy("p", "migration", {}, enforcement="required", conditions=away) | {"actions": limit}]
    ).certify(cluster(nodes, shards), {"s1": [{"node": "n2"}]})
    assert [(one.rule, one.amount) for one in certificate.violations] == [
        ("/actions/load_balancing/max_utilization", 1)
    ]


@pytest.mark.parametrize(("bound", "holds"), [("time.weekday", True), ("cluster.letter", False)])
def test_a_text_of_the_snapshot_orders_the_texts_of_labels(bound: str, holds: bool) -> None:
    """`a` comes before `mon` and not before `A`."""
    first = constrained("first", node="n1") | {"conditions": {"expr": f"shard.home < {bound}"}}
    snapshot = cluster([node("n1"), node("n2")], [shard("s1", labels={"home": "a"})], metrics={"letter": "A"})
    kept = solved([first, constrained("second", node="n2") | {"enforcement": "preferred"}], snapshot)
    assert (kept.placement["s1"][0]["node"] == "n1") is holds


@pytest.mark.parametrize("nodes", [0, 1])
def test_search_answers_where_there_is_nothing_to_place(nodes: int) -> None:
    """No shards, no nodes, a shard without replicas."""
    policies = [
        constrained("apart", apart_from={"group": "same"}),
        policy("few", "cost_optimization", {"consolidate": True}),
    ]
    there = [node(f"n{at}") for at in range(nodes)]
    for shards in ([], [shard("s1", replicas=0)]):
        found = solved(policies, cluster(there, shards), strategy="search", steps=1)
        assert found.status in ("optimal", "feasible")
