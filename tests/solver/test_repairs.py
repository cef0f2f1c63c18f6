"""Every suggested patch, applied, takes the conflict away; what gives up least comes first."""

from __future__ import annotations

from typing import Any

import pytest

import shardwright
from shardwright.solver.conflicts.repairs.patched import patched
from tests.solver.making import cluster, constrained, node, policy, shard

Json = dict[str, Any]


def nodes() -> list[Json]:
    """Not in the order of their names: places in patches are those of the document."""
    small = {"capacity": {"cpu": 4}}
    west, east = {"zone": "a", "rack": "r1"}, {"zone": "b", "rack": "r2"}
    return [
        node("n3", "east", labels=east, **small),
        node("n1", "west", labels=west, capacity={"cpu": 8}),
        node("n2", "east", labels=east, **small),
    ]


def heavy(*sizes: float, group: str | None = None, replicas: int = 1) -> list[Json]:
    more = {"replicas": replicas} | ({"group": group} if group else {})
    return [shard(f"s{at}", load={"cpu": size}, **more) for at, size in enumerate(sizes)]


def copies(count: int) -> Json:
    return policy("copies", "replication", {"min_replicas": count}, enforcement="required")


SPREAD = {"spread": {"by": "zone", "min_values": 3}}
CASES: dict[str, tuple[list[Json], list[Json], list[str]]] = {
    "no node": (
        [constrained("west", region="west"), constrained("zones", zone="b") | {"priority": 2}],
        heavy(1),
        ["relabel", "relabel", "weaken", "yield", "drop", "weaken", "yield", "drop"],
    ),
    "too few nodes": (
        [constrained("west", region="west"), copies(3)],
        heavy(0.1),
        ["add_nodes", "weaken", "weaken", "yield", "yield", "drop", "drop"],
    ),
    "too few values": (
        [policy("wide", "replication", SPREAD, enforcement="required")],
        heavy(0.1, replicas=3),
        ["add_nodes", "relabel", "weaken", "yield", "drop"],
    ),
    "too heavy": ([], heavy(9), ["raise_capacity", "add_nodes"]),
    "group": (
        [constrained("near", together_with={"group": "same", "by": "node"})],
        heavy(4, 4, 4, group="g")[::-1],
        ["raise_capacity", "add_nodes", "split_group", "yield", "drop"],
    ),
    "a share of nothing": (
        [policy("nothing", "load_balancing", {"max_utilization": 0}, enforcement="required")],
        heavy(1, replicas=2),
        ["weaken", "yield", "drop"],
    ),
    "a share of the capacity": (
        [policy("half", "load_balancing", {"max_utilization": {"cpu": 50}}, enforcement="required")],
        heavy(3, 2, 1, replicas=2),
        ["weaken", "yield", "drop"],
    ),
    "a reserve": (
        [policy("spare", "load_balancing", {"capacity": {"reserve": 90}}, enforcement="required")],
        heavy(3, 2, 1, 1),
        ["weaken", "yield", "drop"],
    ),
    "replicas on a node": (
        [constrained("few", max_per_node=1)],
        heavy(*[0.1] * 5),
        ["add_nodes", "weaken", "yield", "drop"],
    ),
    "shortage": ([], heavy(*[1] * 20), ["add_nodes"]),
    "crowd": (
        [constrained("apart", apart_from={"group": "same", "by": "node"})],
        heavy(*[0.1] * 5, group="g"),
        ["add_nodes", "yield", "drop"],
    ),
}


def asked(policies: list[Json], snapshot: Json) -> list[Json]:
    found = shardwright.compile(policies).conflicts(snapshot, time_limit=None)
    (conflict,) = found.conflicts
    return conflict.repairs


def test_a_policy_that_is_inherited_takes_its_heirs_along() -> None:
    """What is switched off in the parent is so in the child; what a child inherits stands elsewhere."""
    west = constrained("parent", region="nowhere") | {"scope": {"ids": ["s0"]}}
    child = {"name": "child", "extends": "parent", "scope": {"ids": ["s1"]}}
    found = shardwright.compile([west, child]).conflicts(cluster(nodes(), heavy(1, 1)), time_limit=None)
    told = {(*sorted(cause.policy for cause in one.causes),): one.repairs for one in found.conflicts}
    texts = {owners: [repair["text"] for repair in repairs] for owners, repairs in told.items()}
    assert "switch `parent` off" in texts["parent", "placed"]
    assert "switch `child` off (removes this conflict; 1 other remains)" in texts["child", "placed"]
    assert not [text for text in texts["child", "placed"] if text.startswith("weaken")]
    yielding = (
        "make `child` yield where it must: enforcement `yielding` (removes this conflict; 1 other remains)"
    )
    assert yielding in texts["child", "placed"]


@pytest.mark.parametrize("name", CASES)
def test_a_patch_takes_the_conflict_away(name: str) -> None:
    policies, shards, kinds = CASES[name]
    snapshot = cluster(nodes(), shards, topology=["region", "zone", "rack"])
    repairs = asked(policies, snapshot)
    print("\n".join(f"{repair['kind']}: {repair['text']}" for repair in repairs))
    assert [repair["kind"] for repair in repairs] == kinds
    for repair in repairs:
        changed, facts = policies, snapshot
        if repair["document"] == "cluster":
            facts = patched(snapshot, repair["patch"])
        else:
            changed = [
                patched(document, repair["patch"]) if document["name"] == repair["policy"] else document
                for document in policies
            ]
        result = shardwright.compile(changed).solve(facts, strategy="exact", time_limit=20)
        told = (repair["certified"], repair["remaining"], result.status in ("optimal", "feasible"))
        assert told == (True, 0, True), repair["text"]


def test_a_solve_that_ends_in_a_conflict_tells_the_same_ways_out() -> None:
    policies, shards, _ = CASES["group"]
    snapshot = cluster(nodes(), shards, topology=["region", "zone", "rack"])
    result = shardwright.compile(policies).solve(snapshot, time_limit=None)
    assert result.conflicts[0].repairs == asked(policies, snapshot) != []


def test_trials_that_the_clock_had_cut_are_cut_again() -> None:
    """On record is how many there were; what was not tried is told as such."""
    policies, shards, _ = CASES["group"]
    snapshot = cluster(nodes(), shards, topology=["region", "zone", "rack"])
    again = shardwright.compile(policies).solve(snapshot, time_limit=None, replay={"trials": 1})
    assert [repair["certified"] for repair in again.conflicts[0].repairs] == [True, False, False]
    assert again.statistics["trials"] == 1


def test_what_else_stands_in_the_way_is_told() -> None:
    """Two shards, each in a conflict of its own: a way out of one leaves the other."""
    policies = [
        constrained("a-west", region="west") | {"scope": {"shards": {"of": "one"}}},
        constrained("a-b", zone="b") | {"scope": {"shards": {"of": "one"}}},
        constrained("z-west", region="west") | {"scope": {"shards": {"of": "two"}}},
        constrained("z-b", zone="b") | {"scope": {"shards": {"of": "two"}}},
    ]
    shards = [shard(f"s-{of}", load={"cpu": 0.1}, labels={"of": of}) for of in ("one", "two")]
    snapshot = cluster(nodes(), shards, topology=["region", "zone", "rack"])
    found = shardwright.compile(policies).conflicts(snapshot, time_limit=None)
    repairs = [repair for conflict in found.conflicts for repair in conflict.repairs]
    off = [repair for repair in repairs if repair["kind"] == "drop"]
    assert len(found.conflicts) == 2
    assert {repair["text"] for repair in off} == {
        f"switch `{name}` off (removes this conflict; 1 other remains)"
        for name in ("a-west", "a-b", "z-west", "z-b")
    }
    assert {repair["remaining"] for repair in repairs if repair["kind"] == "relabel"} == {0}


def test_a_patch_is_refused_where_the_list_has_another_order() -> None:
    snapshot = cluster(nodes(), heavy(9))
    repair = next(one for one in asked([], snapshot) if one["kind"] == "raise_capacity")
    with pytest.raises(ValueError, match="something else"):
        patched(snapshot | {"nodes": snapshot["nodes"][1:]}, repair["patch"])


def test_no_less_would_do() -> None:
    """33 cpu are wanted and 16 are there: three nodes of 8 more, and not two."""
    snapshot = cluster(nodes(), heavy(*[1] * 33))
    (repair,) = asked([], snapshot)
    assert len(repair["patch"]) == 3
    fewer = patched(snapshot, repair["patch"][:2])
    assert shardwright.compile([]).conflicts(fewer, time_limit=None).conflicts


def told(policies: list[Json], snapshot: Json) -> list[str]:
    return [repair["text"] for repair in asked(policies, snapshot) if repair["kind"] == "weaken"]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a share of the capacity", "weaken `half`: `cpu` 75 instead of 50"),
        ("a reserve", "weaken `spare`: `reserve` 50 instead of 90"),
        ("replicas on a node", "weaken `few`: `max_per_node` 2 instead of 1"),
    ],
)
def test_a_limit_on_nodes_is_weakened_by_as_little_as_will_do(name: str, text: str) -> None:
    policies, shards, _ = CASES[name]
    assert told(policies, cluster(nodes(), shards, topology=["region", "zone", "rack"])) == [text]


def test_a_latency_is_weakened_to_that_of_the_next_nodes() -> None:
    near = constrained("near", latency={"from": "north", "max_ms": 10})
    links = [
        {"from": "north", "to": "east", "latency_ms": 62.5},
        {"from": "north", "to": "west", "latency_ms": 90},
    ]
    snapshot = cluster(nodes(), heavy(1), topology=["region"], links=links)
    assert told([near], snapshot) == ["weaken `near`: `max_ms` 62.5 instead of 10"]
    assert told([near], cluster(nodes(), heavy(1, replicas=3), topology=["region"], links=links)) == [
        "weaken `near`: `max_ms` 90 instead of 10"
    ]
