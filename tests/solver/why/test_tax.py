"""The tax of a policy is the difference between the reference's best placements with and without it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

import shardwright
from shardwright.cluster.load import cluster_from
from shardwright.solver.certify import Judgement
from shardwright.solver.why.redundant import is_redundant
from shardwright.solver.why.tax import Best, is_costly
from shardwright.solver.why.tax_document import tax_document
from tests.reference.pinned import Priced, admissible
from tests.solver.making import cluster, constrained, node, problem_of, shard
from tests.strategies import random_case

SEEDS = 20
WEST = {
    "version": "1.0",
    "name": "west",
    "type": "placement",
    "priority": 1,
    "actions": {"placement": {"constraints": {"region": "west"}}},
}


def best_of(placements: list[Priced]) -> list[Any]:
    return [placement for costs, placement in placements if costs == placements[0][0]]


@pytest.mark.parametrize("seed", range(SEEDS))
def test_without_a_policy_the_others_pay_what_the_reference_says(seed: int) -> None:
    policies, snapshot = random_case(seed)
    best = admissible(policies, snapshot)
    for tax in shardwright.compile(policies).tax(snapshot, strategy="exact", time_limit=60).taxes:
        others = admissible(policies, snapshot, silent=tax.policy)
        assert tax.proven
        assert tax.without is not None
        assert (tax.without.status == "conflict") == (not others)
        if not best or not others:
            assert tax.verdict == (
                "never" if bool(best) == bool(others) else "blocks" if others else "enables"
            )
            continue
        if tax.free:
            assert {level: cost for level, cost in tax.free.items() if cost} == others[0][0]
        if tax.verdict in ("costs", "saves", "decides"):
            assert best_of(best) != best_of(others)
        else:
            assert tax.verdict == "never"
            assert any(placement in best_of(others) for placement in best_of(best))


def test_what_it_does_not_get_to_is_told() -> None:
    found = shardwright.compile([WEST]).tax(
        cluster([node("n1", region="west"), node("n2", region="east")], [shard("s1")]), time_limit=0.5
    )
    document = tax_document(found)
    assert document["status"] == "optimal"
    assert document["limits"] == ["time_limit"]
    assert document["policies"] == [
        {
            "policy": "west",
            "verdict": "unknown",
            "proven": False,
            "sure": False,
            "without": None,
            "levels": [],
            "limits": ["time_limit"],
        }
    ]


def test_a_policy_that_sets_the_count_may_save() -> None:
    """Two replicas do not fit beside each other; with one there is nothing to overload."""
    one = {
        "version": "1.0",
        "name": "one",
        "type": "replication",
        "priority": 1,
        "actions": {"replication": {"replicas": 1}},
    }
    snapshot = cluster([node("n1", region="east"), node("n2", region="east")], [shard("s1", replicas=2)])
    west, count = shardwright.compile([WEST, one]).tax(snapshot).taxes[::-1]
    assert (count.policy, count.verdict) == ("one", "saves")
    assert {level: count.paid[level] - cost for level, cost in count.free.items()}[1, 1] == -1
    assert (west.policy, west.verdict) == ("west", "never")


def test_without_policies_there_is_nothing_to_tax() -> None:
    assert shardwright.compile([]).tax(cluster([node("n1")], [shard("s1")])).taxes == ()


def test_what_others_require_anyway_needs_no_solving() -> None:
    """Zones of their own for all; and nobody forbids a disk that there is."""
    apart = constrained("apart", spread={"by": "zone", "max": 1})
    twice = constrained("twice", spread={"by": "zone", "max": 2})
    disks = constrained("disks", disk=["ssd", "hdd"])
    kept = constrained("kept", zone="a")
    rows = [node(f"n{at}", labels={"zone": "abc"[at], "disk": "ssd"}) for at in range(3)]
    problem = problem_of([apart, twice, disks, kept], cluster(rows, [shard("s1", "n1", "n2", replicas=2)]))
    told = {name: is_redundant(problem, name) for name in ("apart", "twice", "disks", "kept")}
    assert told == {"apart": False, "twice": True, "disks": True, "kept": False}


@pytest.mark.parametrize("seed", range(40))
def test_without_what_is_redundant_the_same_is_admissible_at_the_same_costs(seed: int) -> None:
    policies, snapshot = random_case(seed)
    policies = [*policies, constrained("apart", spread={"by": "zone", "max": 1})]
    problem = problem_of(policies, snapshot)
    redundant = [one["name"] for one in policies if is_redundant(problem, one["name"])]
    whole = admissible(policies, snapshot) if redundant else []
    for name in redundant:
        assert admissible(policies, snapshot, silent=name) == whole


def test_that_the_others_pay_is_proven_where_how_much_is_not() -> None:
    """A required zone takes the only place in it that is no worse for the others, whatever else is open."""
    problem = shardwright.compile([WEST]).on(cluster_from(cluster([node("n1")], [shard("s1")]))).problem
    levels = problem.levels
    judged = Judgement((), dict(zip(levels, (0, 7, 9), strict=True)), 0, 0.0)
    best = Best(problem, "feasible", (), judged, (), (0, 7, 2))
    here = {levels[0]: 0, levels[2]: 9}
    assert levels[1] == (1, 1)  # the policy's own
    assert is_costly(best, "west", here, here | {levels[2]: 1})
    assert not is_costly(best, "west", here, here | {levels[2]: 2})
    assert not is_costly(replace(best, bound=(0, 6, 2)), "west", here, here | {levels[2]: 1})
