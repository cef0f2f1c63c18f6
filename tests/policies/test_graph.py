"""The dependency graph: order, circles, who is in force, who applies."""

from __future__ import annotations

import itertools
import json
from typing import Any

import pytest

from shardwright.policies.graph import (
    circles,
    cycles,
    graph_dot,
    graph_json,
    graph_text,
    in_force,
    order,
    select,
)
from shardwright.policies.graph.build import build, edges
from shardwright.policies.policy import Policy
from tests.policies.making import load, of_type, placement, policy


def named(name: str, **changes: Any) -> dict[str, Any]:
    return policy(name=name, **changes)


def policies_of(*documents: dict[str, Any]) -> tuple[Policy, ...]:
    policies, found = load(*documents)
    assert not [item.message for item in found if item.severity == "error"]
    return policies.policies


def names(policies: list[Policy]) -> list[str]:
    return [item.name for item in policies]


DECIDES = named("decides", priority=9, actions=placement(min_replicas=2))
READS = named("reads", priority=1, conditions={"expr": "shard.replicas > 2"})
SPREADS = named("spreads", priority=1, actions=placement(spread={"by": "zone", "min_values": 2}))


def test_what_is_needed_comes_first_then_priority_then_name() -> None:
    found = policies_of(
        named("z", priority=1),
        named("a", priority=1, depends_on="late"),
        named("late", priority=50),
        named("b", priority=2),
    )
    assert names(order(found)) == ["z", "b", "late", "a"]


def test_without_edges_the_order_is_priority_then_name() -> None:
    found = policies_of(named("b"), named("a"), named("c", priority=2))
    assert names(order(reversed(found))) == ["a", "b", "c"]


def test_who_decides_a_count_comes_before_who_reads_it() -> None:
    assert names(order(policies_of(READS, SPREADS, DECIDES))) == ["decides", "reads", "spreads"]


@pytest.mark.parametrize(
    ("document", "reads"),
    [
        (named("x", actions=placement(spread={"by": "zone", "max_skew": 1})), True),
        (named("x", actions=placement(spread={"by": "zone", "max": 1})), False),
        (of_type("replication", {"per": {"region": {"eu": 1}}}, name="x"), True),
        (named("x", conditions={"expr": "node.x < 2 or shard.replicas == 3"}), True),
        (named("x", conditions={"expr": "shard.replicas == 3"}, actions=placement(max_replicas=4)), False),
    ],
)
def test_who_reads_a_count(document: dict[str, Any], reads: bool) -> None:
    found = edges(policies_of(DECIDES, document))
    assert [(source.name, target.name) for source, target, _ in found] == (
        [("decides", "replica count"), ("replica count", "x")] if reads else []
    )


def test_edges_grow_with_the_policies_not_with_their_pairs() -> None:
    deciding = [named(f"d{index}", actions=placement(min_replicas=1)) for index in range(50)]
    reading = [named(f"r{index}", conditions={"expr": "shard.replicas > 2"}) for index in range(50)]
    assert build(policies_of(*deciding, *reading)).number_of_edges() == 100


def test_a_derived_edge_gives_way_where_it_would_close_a_circle() -> None:
    found = policies_of({**DECIDES, "depends_on": ["reads"]}, READS, SPREADS)
    assert names(order(found)) == ["reads", "spreads", "decides"]
    assert cycles(found) == []
    assert circles(found) == [("decides", "replica count", "reads")]


CHAIN = (
    named("a", depends_on=["b"]),
    named("b", depends_on=["c"]),
    named("c", enabled=False),
    named("d", depends_on=["gone"]),
    named("e"),
)


def test_a_dependency_that_is_not_in_force_is_named_with_its_own_reason() -> None:
    applied, left = in_force(policies_of(*CHAIN), None)
    assert names(applied) == ["e"]
    assert {item.policy: item.why for item in left} == {
        "a": "it depends on `b`, which depends on `c`, which is disabled",
        "b": "it depends on `c`, which is disabled",
        "c": "it is disabled",
        "d": "it depends on `gone`, which does not exist",
    }


DATED = named("dated", valid_from="2026-01-01T00:00:00Z", valid_until="2026-02-01T00:00:00+01:00")


@pytest.mark.parametrize(
    ("taken_at", "why"),
    [
        ("2026-01-01T00:00:00Z", None),
        ("2026-01-31T22:59:59Z", None),
        (
            "2025-12-31T23:59:59Z",
            "it is valid from 2026-01-01T00:00:00Z, and the snapshot was taken at 2025-12-31T23:59:59Z",
        ),
        (
            "2026-01-31T23:00:00Z",
            "it was valid until 2026-02-01T00:00:00+01:00, "
            "and the snapshot was taken at 2026-01-31T23:00:00Z",
        ),
        (None, "it has dates, and the snapshot does not say when it was taken (`taken_at`)"),
    ],
)
def test_dates_are_compared_with_the_snapshots_time(taken_at: str | None, why: str | None) -> None:
    applied, left = in_force(policies_of(DATED), taken_at)
    assert [item.why for item in left] == ([why] if why else [])
    assert names(applied) == ([] if why else ["dated"])


def test_a_policy_without_dates_needs_no_time() -> None:
    assert names(in_force(policies_of(named("a")), None)[0]) == ["a"]


def test_extending_a_disabled_policy_takes_its_enabled_too() -> None:
    base = named("base", enabled=False)
    found = policies_of(
        base, {"name": "off", "extends": "base"}, {"name": "on", "extends": "base", "enabled": True}
    )
    applied, left = in_force(found, None)
    assert names(applied) == ["on"]
    assert [item.why for item in left] == [
        "it is disabled",
        "it is disabled (it takes `enabled` from `base`)",
    ]


def test_a_long_chain_of_dependencies_is_no_recursion() -> None:
    chain = [named("p0", enabled=False)]
    chain += [named(f"p{index}", depends_on=f"p{index - 1}") for index in range(1, 1500)]
    applied, left = in_force(policies_of(*chain), None)
    assert applied == []
    assert len(left) == 1500


SCOPED = policies_of(
    named("gold", scope={"shards": {"tier": "gold"}}),
    named("orders", scope={"groups": ["orders"]}, priority=2),
    named("one", scope={"ids": ["s1"], "groups": ["orders"]}, priority=3),
    named("all", priority=4),
    of_type(
        "migration", {"leave": True}, name="moves", priority=5, scope={"shards": {"tier": {"exists": False}}}
    ),
    of_type("replication", {"replicas": 2}, name="counts", priority=6),
    named("minimum", priority=7, actions=placement(min_replicas=2)),
)


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ({}, ["gold", "orders", "one", "all", "moves", "counts", "minimum"]),
        ({"type": "migration"}, ["moves"]),
        ({"operation": "place"}, ["gold", "orders", "one", "all", "minimum"]),
        ({"operation": "move"}, ["gold", "orders", "one", "all", "moves", "minimum"]),
        ({"operation": "replicate"}, ["counts", "minimum"]),
        ({"operation": "balance"}, []),
        ({"shard": {"labels": {"tier": "gold"}}}, ["gold", "all", "counts", "minimum"]),
        ({"shard": {"id": "s1", "group": "orders"}}, ["orders", "one", "all", "moves", "counts", "minimum"]),
        ({"shard": {"id": "s2", "group": "orders"}, "operation": "place"}, ["orders", "all", "minimum"]),
        ({"shard": lambda item: item.name < "b"}, ["all"]),
    ],
)
def test_which_policies_apply(question: dict[str, Any], answer: list[str]) -> None:
    assert names(select(SCOPED, **question)) == answer


def test_an_operation_that_does_not_exist_is_refused() -> None:
    with pytest.raises(KeyError):
        select(SCOPED, operation="dance")


def test_the_graph_in_three_spellings() -> None:
    found = policies_of(DECIDES, READS, named("x", extends="reads", depends_on="decides", priority=3))
    assert graph_text(found) == (
        "decides (placement, priority 9)\n"
        "  decides the replica count\n"
        "reads (placement, priority 1)\n"
        "  reads the replica count\n"
        "x (placement, priority 3)\n"
        "  depends on decides\n"
        "  extends reads\n"
        "  reads the replica count\n"
    )
    assert graph_dot(found) == (
        "digraph policies {\n"
        '  "decides" [shape=box];\n'
        '  "reads" [shape=box];\n'
        '  "x" [shape=box];\n'
        '  "hub: replica count" [label="replica count", shape=ellipse];\n'
        '  "decides" -> "hub: replica count" [label="decides"];\n'
        '  "decides" -> "x" [label="depends on"];\n'
        '  "reads" -> "x" [label="extends"];\n'
        '  "hub: replica count" -> "reads" [label="reads"];\n'
        '  "hub: replica count" -> "x" [label="reads"];\n'
        "}\n"
    )
    document = json.loads(graph_json(found))
    assert document["order"] == ["decides", "reads", "x"]
    assert document["hubs"] == ["replica count"]
    assert {"from": "reads", "to": "x", "why": "extends"} in document["edges"]


def test_the_order_of_policies_changes_nothing() -> None:
    found = policies_of(DECIDES, READS, SPREADS, named("y", depends_on="spreads"))
    told = {(graph_text(list(way)), graph_dot(way), graph_json(way)) for way in itertools.permutations(found)}
    assert len(told) == 1


def test_names_with_quotes_stay_one_name_in_dot() -> None:
    assert '"a\\"b\\\\" [shape=box];' in graph_dot(policies_of(named('a"b\\')))
