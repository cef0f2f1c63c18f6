"""A conflict names a least set of rules, and the best effort leaves out the least."""

from __future__ import annotations

from itertools import combinations, product
from typing import Any

import pytest

from tests.reference.book import book_of
from tests.reference.judge import judge_sets
from tests.reference.world import world_of
from tests.solver.making import cluster, constrained, node, nodes_of, policy, shard, solved
from tests.strategies import random_case

Json = dict[str, Any]
NODES = [
    node(f"n{at}", "us" if at % 2 else "eu", labels={"zone": f"z{at}", "rack": "r1" if at % 2 else f"r{at}"})
    for at in range(4)
]
ONE = cluster(NODES, [shard("s", "n0", "n1")])
FAMILY = cluster(NODES, [shard(f"s{at}", "n0", group="g") for at in range(3)])
COUNTS = ("placed", "replicas")

CONFLICTS: dict[str, tuple[list[Json], Json]] = {
    "two regions": ([constrained("us", region="us"), constrained("eu", region="eu")], ONE),
    "two replicas on one node": ([constrained("pin", node="n1")], ONE),
    "more racks than a region has": (
        [constrained("us", region="us"), constrained("racks", spread={"by": "rack", "max": 1})],
        ONE,
    ),
    "a crowd in one region": (
        [
            constrained("us", region="us"),
            constrained("apart", apart_from={"group": "same"}),
        ],
        FAMILY,
    ),
    "together and apart": (
        [
            constrained("apart", apart_from={"group": "same"}),
            constrained("together", together_with={"group": "same", "by": "node"}),
        ],
        FAMILY,
    ),
    "three of which any two can be": (
        [
            constrained("not-0-1", node={"not_in": ["n0", "n1"]}),
            constrained("not-1-2", node={"not_in": ["n1", "n2"]}),
            constrained("not-1-3", node={"not_in": ["n1", "n3"]}),
        ],
        cluster(NODES, [shard("s", "n0")]),
    ),
}
BYSTANDERS = [
    constrained("bystander", max_per_node=9),
    constrained("soft", "yielding", region="eu"),
    policy("goal", "load_balancing", {}),
]


@pytest.mark.parametrize("name", CONFLICTS)
def test_the_causes_conflict_and_without_any_one_they_do_not(name: str) -> None:
    policies, snapshot = CONFLICTS[name]
    result = solved([*policies, *BYSTANDERS], snapshot)
    conflict = result.conflicts[0]
    assert (result.status, result.placement, conflict.minimal) == ("conflict", None, True)
    causes = {cause.policy for cause in conflict.causes if cause.file is not None}
    assert causes == {document["name"] for document in policies}
    for left_out in causes:
        kept = [document for document in policies if document["name"] != left_out]
        assert solved([*kept, *BYSTANDERS], snapshot).status == "optimal"


@pytest.mark.parametrize("name", CONFLICTS)
def test_the_best_effort_leaves_out_the_least(name: str) -> None:
    policies, snapshot = CONFLICTS[name]
    result = solved(policies, snapshot)
    assert missing(policies, snapshot, nodes_of(result.best_effort)) == least_missing(policies, snapshot)


@pytest.mark.parametrize("seed", [51, 59, 77, 199, 272, 281, 294, 297, 356, 428, 468, 697])
def test_the_best_effort_of_a_random_conflict_leaves_out_the_least(seed: int) -> None:
    """Or there is none, where more than the counts is in the way."""
    policies, snapshot = random_case(seed)
    result, least = solved(policies, snapshot), least_missing(policies, snapshot)
    assert result.status == "conflict"
    found = None if result.best_effort is None else nodes_of(result.best_effort)
    assert (None if found is None else missing(policies, snapshot, found)) == least


def missing(policies: list[Json], snapshot: Json, placement: Any) -> int | None:
    """What required counts lack, by weight; None if any other required rule is broken."""
    book = book_of(world_of(policies, snapshot))
    weights = {document["name"]: document.get("weight", 1) for document in policies}
    sets = {name: frozenset(nodes) for name, nodes in placement.items()}
    broken = judge_sets(book, sets).forbidden
    if any(item.kind not in COUNTS or item.enforcement != "required" for item in broken):
        return None
    return sum(item.amount * weights.get(item.policy, 1) for item in broken)


def least_missing(policies: list[Json], snapshot: Json) -> int | None:
    """By looking at every placement of no more replicas than are wanted."""
    world = world_of(policies, snapshot)
    names = [entry["id"] for entry in snapshot["nodes"]]
    choices = [
        [
            set(nodes)
            for size in range(world.counts[entry["id"]].ceiling + 1)
            for nodes in combinations(names, size)
        ]
        for entry in snapshot["shards"]
    ]
    ids = [entry["id"] for entry in snapshot["shards"]]
    found = [missing(policies, snapshot, dict(zip(ids, chosen, strict=True))) for chosen in product(*choices)]
    return min((amount for amount in found if amount is not None), default=None)
