"""Remarks on policies that are not in conflict: dead, redundant, pulling apart, or in need of own nodes."""

from __future__ import annotations

from typing import Any

import pytest

import shardwright
from shardwright.solver.patterns.analysis import Analysis, analyse, check_changed
from tests.solver.making import Json, constrained, policy

IMPOSSIBLE = "node.cpu_usage > 90 and node.cpu_usage < 80"
PREFER = {"labels": {"disk": "ssd"}, "weight": 2}
AVOID = {"labels": {"disk": "hdd"}, "weight": 2}


def of(documents: list[Json]) -> Analysis:
    return analyse(shardwright.compile(documents).policies)


def preferring(name: str, preference: Json, **more: Any) -> Json:
    return policy(name, "placement", {"preferences": [preference]}, **more)


REMARKS: dict[str, tuple[list[Json], set[str]]] = {
    "nothing to say": ([constrained("any", min_replicas=1)], set()),
    "a condition that no node fulfils": (
        [policy("hot", "migration", {"leave": True}, conditions={"expr": IMPOSSIBLE})],
        {"W2103"},
    ),
    "as much is required already": (
        [constrained("narrow", zone="a"), constrained("wide", zone=["a", "b"])],
        {"W2104"},
    ),
    "a yielding rule under a more important one": (
        [
            constrained("first", "yielding", zone="a"),
            constrained("second", "yielding", zone=["a", "b"]) | {"priority": 2},
        ],
        {"W2105"},
    ),
    "goals of one priority": ([preferring("ssd", PREFER), preferring("hdd", AVOID)], {"W2106"}),
    "goals of two priorities": (
        [preferring("ssd", PREFER), preferring("hdd", AVOID, priority=2)],
        set(),
    ),
}


@pytest.mark.parametrize("name", sorted(REMARKS))
def test_remarks(name: str) -> None:
    """Notes on nodes to come are told apart: they are no remarks on a fault."""
    documents, expected = REMARKS[name]
    assert {lint.code for lint in of(documents).lints if lint.severity != "note"} == expected


def test_rules_that_give_way_to_each_other() -> None:
    """Each of three yielding rules of one priority can be kept only if another is given up."""
    documents = [
        constrained("ab", "yielding", zone=["a", "b"]),
        constrained("bc", "yielding", zone=["b", "c"]),
        constrained("ca", "yielding", zone=["c", "a"]),
    ]
    found = of(documents)
    assert [set(conflict.policies) for conflict in found.conflicts] == [{"ab", "bc", "ca"}]
    assert "W2107" in {lint.code for lint in found.lints}


def test_policies_that_hold_together_on_some_clusters_only() -> None:
    """The witness is the smallest cluster: solve accepts it, and nothing smaller will do."""
    documents = [constrained("west", region="us-west"), constrained("fast", disk="ssd")]
    program = shardwright.compile(documents)
    (note,) = [lint for lint in analyse(program.policies).lints if lint.code == "W2102"]
    witness = note.data["witness"]
    assert isinstance(witness, dict)
    assert program.solve(witness, strategy="exact").status == "optimal"
    for label in ("region", "disk"):
        less = witness | {"nodes": [without(node, label) for node in witness["nodes"]]}
        assert program.solve(less, strategy="exact").status == "conflict"


def test_the_nodes_of_the_note_are_enough_for_all_that_the_policies_ask() -> None:
    """Not only for the two demands that meet: the metric is asked for as well; what clashes is not told."""
    documents = [
        constrained("fast", disk="ssd")
        | {"conditions": {"expr": "node.errors between [20, 50] and node.cpu_usage == 70"}},
        constrained("three", min_replicas=3),
        constrained("few", zone="a", spread={"by": "rack", "min_values": 2}),
        constrained("one", max_replicas=1),
    ]
    notes = [lint for lint in of(documents).lints if lint.code == "W2102"]
    assert {"three", "one"} not in [set(note.data["policies"]) for note in notes]
    for note in notes:
        named = [one for one in documents if one["name"] in note.data["policies"]]
        assert shardwright.compile(named).solve(note.data["witness"]).status == "optimal", note.message
    assert ["fast", "three"] in [note.data["policies"] for note in notes]
    assert ["few", "three"] in [note.data["policies"] for note in notes]


def without(node: Json, label: str) -> Json:
    return node | {"labels": {key: value for key, value in node["labels"].items() if key != label}}


def test_a_changed_policy_hears_the_remarks_on_it_and_no_others() -> None:
    documents = [
        constrained("narrow", zone="a"),
        constrained("wide", zone=["a", "b"]),
        preferring("ssd", PREFER),
        preferring("hdd", AVOID),
    ]
    policies = shardwright.compile(documents).policies
    told = {name: {lint.code for lint in check_changed(policies, [name]).lints} for name in ("narrow", "ssd")}
    assert "W2104" in told["narrow"]
    assert "W2106" not in told["narrow"]
    assert told["ssd"] == {"W2106"}
