"""Conflicts without a cluster: what can never hold, whatever the nodes."""

from __future__ import annotations

from typing import Any

import pytest

import shardwright
from shardwright.policies.load import load_text
from shardwright.solver.patterns.analysis import Analysis, analyse, check_changed
from shardwright.solver.patterns.proof import verdict
from tests.solver.making import Json, cluster, constrained, node, policy, shard

ZONES = ["a", "b"]


def analysed(*policies: Json) -> Analysis:
    import json

    found, problems = load_text(json.dumps(list(policies)))
    assert not [problem.message for problem in problems if problem.severity == "error"]
    return analyse(found)


def sets(analysis: Analysis) -> list[set[str]]:
    return [set(conflict.policies) for conflict in analysis.conflicts]


def scoped(name: str, tier: Any, **constraints: Any) -> Json:
    return constrained(name, **constraints) | {"scope": {"shards": {"tier": tier}}}


def copies(name: str, count: int, **more: Any) -> Json:
    return policy(name, "replication", {"replicas": count}, enforcement="required") | more


CASES: dict[str, tuple[list[Json], list[set[str]]]] = {
    "two values of one label": ([constrained("w", region="us"), constrained("e", region="eu")], [{"w", "e"}]),
    "shards that are never the same": (
        [scoped("w", "gold", region="us"), scoped("e", "silver", region="eu")],
        [],
    ),
    "scopes that overlap": (
        [scoped("w", ["gold", "tin"], region="us"), scoped("e", ["silver", "tin"], region="eu")],
        [{"w", "e"}],
    ),
    "scopes that exclude each other by negation": (
        [scoped("w", "gold", region="us"), scoped("e", {"not_in": ["gold"]}, region="eu")],
        [],
    ),
    "three lists, any two of which overlap": (
        [
            constrained("ab", zone=["a", "b"]),
            constrained("bc", zone=["b", "c"]),
            constrained("ca", zone=["c", "a"]),
        ],
        [{"ab", "bc", "ca"}],
    ),
    "different labels": ([constrained("w", region="us"), constrained("s", disk="ssd")], []),
    "too few zones for the replicas": (
        [
            constrained("zones", zone=ZONES),
            constrained("apart", spread={"by": "zone", "max": 1}),
            copies("three", 3),
        ],
        [{"zones", "apart", "three"}],
    ),
    "zones enough": (
        [
            constrained("zones", zone=ZONES),
            constrained("apart", spread={"by": "zone", "max": 2}),
            copies("three", 3),
        ],
        [],
    ),
    "two replicas on one node": ([constrained("pin", node="n1"), copies("two", 2)], [{"pin", "two"}]),
    "counts of one priority": ([copies("two", 2), copies("three", 3)], [{"two", "three"}]),
    "a least count above the greatest": (
        [constrained("more", min_replicas=3), constrained("less", max_replicas=2)],
        [{"more", "less"}],
    ),
    "metrics that no node has at once": (
        [
            constrained("cold", region="us")
            | {"conditions": {"metric": "node.cpu_usage", "operator": "lt", "value": 50}},
            constrained("hot", disk="ssd")
            | {"conditions": {"metric": "node.cpu_usage", "operator": "gte", "value": 50}},
        ],
        [{"cold", "hot"}],
    ),
    "zones for as many replicas as a shard may ask for": (
        [constrained("wide", spread={"by": "zone", "min_values": 2})],
        [],
    ),
    "more zones than the replicas that another policy leaves": (
        [constrained("wide", spread={"by": "zone", "min_values": 2}), copies("one", 1)],
        [{"one", "wide"}],
    ),
    "a count that a more important policy overrules": (
        [
            constrained("wide", spread={"by": "zone", "min_values": 2}),
            copies("one", 1, priority=9, enforcement="yielding"),
            copies("three", 3, priority=3),
        ],
        [],
    ),
    "more zones than a policy leaves that gives way only in what it costs": (
        [
            constrained("wide", spread={"by": "zone", "min_values": 2}),
            copies("one", 1, priority=9, enforcement="yielding"),
        ],
        [{"one", "wide"}],
    ),
    "more zones than another policy leaves": (
        [constrained("wide", spread={"by": "zone", "min_values": 3}), constrained("two", zone=["a", "b"])],
        [{"two", "wide"}],
    ),
    "replicas that another policy gives": (
        [constrained("wide", spread={"by": "zone", "min_values": 2}), copies("two", 2)],
        [],
    ),
    "a disabled policy": (
        [constrained("w", region="us"), constrained("e", region="eu") | {"enabled": False}],
        [],
    ),
    "dates that never meet": (
        [
            constrained("w", region="us") | {"valid_until": "2026-01-01T00:00:00Z"},
            constrained("e", region="eu") | {"valid_from": "2026-01-01T00:00:00Z"},
        ],
        [],
    ),
    "a shard's home against a region": (
        [
            constrained("home", disk="ssd") | {"conditions": {"expr": "shard.home == node.region"}},
            scoped("us", "gold", region="us"),
        ],
        [{"home", "us"}],
    ),
}


@pytest.mark.parametrize("name", sorted(CASES))
def test_the_minimal_sets_that_can_never_hold(name: str) -> None:
    policies, expected = CASES[name]
    assert sets(analysed(*policies)) == expected


@pytest.mark.parametrize("name", sorted(CASES))
def test_a_witness_is_a_cluster_that_solve_finds_in_conflict(name: str) -> None:
    """And not when any one of the policies is left out."""
    policies, _ = CASES[name]
    for conflict in analysed(*policies).conflicts:
        chosen = [document for document in policies if document["name"] in conflict.policies]
        assert shardwright.compile(chosen).solve(conflict.witness, strategy="exact").status == "conflict"
        for left_out in chosen:
            rest = [document for document in chosen if document is not left_out]
            result = shardwright.compile(rest).solve(conflict.witness, strategy="exact")
            assert result.status in ("optimal", "feasible")


def test_only_required_rules_make_an_error() -> None:
    """A yielding rule gives way, and nothing is lost but its wish."""
    found = analysed(constrained("w", region="us"), constrained("e", "yielding", region="eu"))
    assert [conflict.severity for conflict in found.conflicts] == ["warning"]
    assert not found.certain


def test_a_suggested_patch_takes_the_error_away() -> None:
    documents = [constrained("w", region="us"), constrained("e", region="eu") | {"priority": 3}]
    found = analysed(*documents)
    assert found.certain
    repair = next(repair for repair in found.conflicts[0].conflict.repairs if repair["patch"])
    assert repair["policy"] == "e"
    documents[1]["enforcement"] = repair["patch"][0]["value"]
    assert not analysed(*documents).certain


def test_policies_that_only_wait_for_nodes_are_no_conflict() -> None:
    """The smallest cluster on which one holds is given, and solve places its shard there."""
    document = constrained("west", region="us-west", min_replicas=2)
    found = analysed(document)
    assert not found.conflicts
    (note,) = found.lints
    assert (note.code, note.severity, note.data["kind"]) == ("W2101", "note", "waits")
    witness = note.data["witness"]
    assert isinstance(witness, dict)
    assert len(witness["nodes"]) == 2
    assert shardwright.compile([document]).solve(witness, strategy="exact").status == "optimal"


def test_a_scope_that_no_shard_can_be_in() -> None:
    document = scoped("dead", "gold", region="us") | {
        "conditions": {"metric": "shard.tier", "operator": "eq", "value": "silver"}
    }
    found = analysed(document)
    assert [lint.code for lint in found.lints] == ["W2103"]


def test_a_changed_policy_is_told_what_it_takes_part_in() -> None:
    """The same conflicts as for the whole set, as far as the policy belongs to them."""
    documents = [
        constrained("w", region="us"),
        constrained("e", region="eu"),
        copies("two", 2),
        constrained("pin", node="n1"),
    ]
    import json

    policies, _ = load_text(json.dumps(documents))
    assert sets(check_changed(policies, ["pin"])) == [{"pin", "two"}]
    assert sets(check_changed(policies, ["w"])) == [{"w", "e"}]
    assert {frozenset(found) for found in sets(analyse(policies))} == {
        frozenset({"pin", "two"}),
        frozenset({"w", "e"}),
    }


def test_rules_that_are_not_held_still_say_which_values_count() -> None:
    """One replica is even over zone `a` alone, to which another rule of the policy keeps it."""
    policies = shardwright.compile(
        [constrained("p", zone="a", spread={"by": "zone", "max_skew": 0})]
    ).policies
    snapshot = cluster([node("n1", labels={"zone": "a"}), node("n2", labels={"zone": "b"})], [shard("s1")])
    skew = ("p", "/actions/placement/constraints/spread/max_skew")
    found = verdict(list(policies), snapshot, [skew])
    assert found is not None
    assert found.holds
