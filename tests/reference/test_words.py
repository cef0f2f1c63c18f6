"""Conditions, selectors, infix text, counts, composition: what the words of a policy mean."""

from __future__ import annotations

import pytest

from tests.reference.compare import compare, value_of
from tests.reference.conditions import conjuncts
from tests.reference.expr import parse
from tests.reference.inherit import inherited
from tests.reference.tiny import cluster, constrained, node, policy, shard
from tests.reference.world import world_of

HOLDS = [
    ("gold", "eq", "gold"),
    ("3", "eq", 3),
    (3, "eq", "3"),
    ("3.0", "gte", 3),
    ("true", "eq", True),
    (5, "between", [5, 7]),
    (7, "between", [5, 7]),
    ("us-west-1", "matches", "us-*"),
    ("us-west", "contains", "s-w"),
    ("a", "in", ["b", "a"]),
    (None, "neq", 3),
    (None, "not_in", ["a"]),
    (None, "not_exists", None),
    ("x", "neq", 3),
    ("x", "exists", None),
    ("a", "lt", "b"),
    (2, "neq", True),
]
FAILS = [
    (None, "eq", 3),
    (None, "lt", 3),
    (None, "in", ["a"]),
    (None, "exists", None),
    ("x", "lt", 3),
    ("x", "gt", 3),
    ("Us", "matches", "us*"),
    ("us-west", "matches", "us"),
    ("3", "not_in", [1, 3]),
    ("true", "neq", True),
    (1, "eq", True),
    (4.9, "between", [5, 7]),
    (12, "contains", "1"),
    ("12", "matches", 12),
]


def held(left, operator, right):
    values = [value_of(item) for item in right] if isinstance(right, list) else value_of(right)
    return compare(value_of(left), operator, values)


@pytest.mark.parametrize(("left", "operator", "right"), HOLDS)
def test_a_comparison_holds(left, operator, right):
    assert held(left, operator, right)


@pytest.mark.parametrize(("left", "operator", "right"), FAILS)
def test_a_comparison_fails(left, operator, right):
    assert not held(left, operator, right)


def test_infix_text_is_the_tree_that_json_spells_out():
    less = {"metric": "node.cpu", "operator": "lt", "value": 80}
    tier = {"metric": "shard.tier", "operator": "not_in", "value": ["gold", "b c"]}
    assert parse("node.cpu < 80 and not shard.tier not in ['gold', \"b c\"]") == {
        "all": [less, {"not": tier}]
    }
    assert parse("any(node.cpu < 80, node.cpu between 1 and 2.5)") == {
        "any": [less, {"metric": "node.cpu", "operator": "between", "value": [1, 2.5]}]
    }
    assert parse("(node.disk exists or shard.home != node.region)") == {
        "any": [
            {"metric": "node.disk", "operator": "exists", "value": None},
            {"metric": "shard.home", "operator": "neq", "value": {"attribute": "node.region"}},
        ]
    }


def test_conjuncts_are_flattened_and_each_has_its_pointer():
    one = {"metric": "node.a", "operator": "exists"}
    tree = {
        "all": [
            one,
            {"all": [one, {"any": [one]}]},
            {"expr": "node.a exists"},
            {"expr": "(node.a > 1 and node.b > 1) and node.c > 1"},
        ]
    }
    assert [part.pointer for part in conjuncts(tree)] == [
        "/conditions/all/0",
        "/conditions/all/1/all/0",
        "/conditions/all/1/all/1",
        "/conditions/all/2/expr",
        "/conditions/all/3/expr/0",
        "/conditions/all/3/expr/1",
        "/conditions/all/3/expr/2",
    ]
    assert [part.pointer for part in conjuncts(one)] == ["/conditions"]


def governed(document, **labels):
    """Whether the policy governs a shard `s` with these labels, of group g, with 2 replicas."""
    one = shard("s", "a", "b", labels=labels, group="g", metrics={"qps": 5})
    world = world_of([document], cluster([node("a"), node("b")], [one], metrics={"busy": 3}))
    return [s.id for policy in world.policies for s in world.governed(policy)] == ["s"]


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        ({}, True),
        ({"scope": {"ids": ["s"], "groups": ["g"], "shards": {"tier": "gold"}}}, True),
        ({"scope": {"ids": ["s"], "groups": ["h"]}}, False),
        ({"scope": {"shards": {"tier": {"matches": "g*", "not_in": ["gold"]}}}}, False),
        ({"scope": {"shards": {"home": {"exists": False}, "nothing": {"not_in": ["x"]}}}}, True),
        ({"conditions": {"expr": "shard.tier == 'gold' and shard.qps == 5"}}, True),
        ({"conditions": {"none": [{"metric": "shard.tier", "operator": "eq", "value": "gold"}]}}, False),
        ({"conditions": {"not": {"metric": "shard.nothing", "operator": "lt", "value": 1}}}, True),
        ({"conditions": {"expr": "cluster.busy > 3 or time.hour < 14"}}, False),
        (
            {
                "conditions": {
                    "expr": "time.weekday == 'mon' and shard.load.cpu <= 1 and shard.load.memory == 0"
                }
            },
            True,
        ),
        ({"conditions": {"expr": "node.cpu > 99"}}, True),
        ({"enabled": False}, False),
        ({"valid_from": "2026-11-02T15:30:00+01:00"}, True),
        ({"valid_from": "2026-11-02T14:30:01Z"}, False),
        ({"valid_until": "2026-11-02T14:30:00Z"}, False),
        ({"depends_on": ["nobody"]}, False),
    ],
)
def test_a_policy_governs_where_scope_guards_and_dates_say_so(more, expected):
    assert governed(policy("placement", {}, **more), tier="gold") is expected


def test_a_policy_is_not_applied_when_its_dependency_is_not():
    off = policy("placement", {}, enabled=False) | {"name": "off"}
    middle = policy("placement", {}, depends_on=["off"]) | {"name": "middle"}
    last = policy("placement", {}, depends_on=["middle"]) | {"name": "last"}
    snapshot = cluster([node("a")], [shard("s", "a")])
    assert world_of([last, off, middle], snapshot).policies == []


def counted(*policies, own=2):
    documents = [document | {"name": f"p{i}"} for i, document in enumerate(policies)]
    one = shard("s", replicas=own)
    count = world_of(documents, cluster([node("a")], [one])).counts["s"]
    return count.wanted, count.floor, count.ceiling


def replication(priority, enforcement="yielding", **said):
    return policy("replication", said, enforcement=enforcement, priority=priority)


def test_counts_meet_in_wanted_floor_and_ceiling():
    assert counted() == (2, 2, 2)
    assert counted(replication(1, min_replicas=3)) == (3, 2, 3)
    assert counted(replication(1, max_replicas=1)) == (1, 1, 1)
    assert counted(replication(1, min_replicas=1)) == (2, 2, 2)
    assert counted(replication(1, min_replicas=4), replication(2, max_replicas=1)) == (4, 1, 4)
    assert counted(replication(1, replicas=3), replication(2, replicas=1)) == (3, 2, 3)
    assert counted(replication(1, replicas=3), replication(2, "required", replicas=1)) == (3, 1, 3)
    assert counted(replication(2, replicas=3), replication(2, replicas=1)) == (3, 1, 3)


def test_shard_replicas_is_what_the_policies_want_except_where_a_policy_decides_a_count():
    three = {"metric": "shard.replicas", "operator": "eq", "value": 3}
    decides = replication(1, min_replicas=3)
    reads = policy("placement", {}, conditions=three) | {"name": "reads"}
    also = replication(2, max_replicas=5) | {"conditions": three, "name": "also"}
    world = world_of([decides, reads, also], cluster([node("a")], [shard("s", replicas=2)]))
    assert {p.name: len(world.governed(p)) for p in world.policies} == {"p": 1, "reads": 1, "also": 0}


def test_a_child_merges_objects_replaces_lists_and_appends_conjuncts():
    a, b = ({"metric": f"node.{x}", "operator": "exists"} for x in "ab")
    parent = {
        "name": "parent",
        "description": "x",
        "type": "placement",
        "priority": 3,
        "conditions": {"all": [a]},
        "actions": {
            "placement": {"constraints": {"region": ["us", "eu"], "spread": {"by": "zone", "max": 1}}}
        },
    }
    child = {
        "name": "child",
        "extends": "parent",
        "priority": 1,
        "conditions": {"all": [b]},
        "actions": {"placement": {"constraints": {"region": ["ap"], "spread": {"max": 2}}}},
    }
    assert inherited([child, parent])[0] == {
        "name": "child",
        "extends": "parent",
        "type": "placement",
        "priority": 1,
        "conditions": {"all": [a, b]},
        "actions": {"placement": {"constraints": {"region": ["ap"], "spread": {"by": "zone", "max": 2}}}},
    }


def test_a_childs_selector_replaces_the_parents():
    parent = constrained(region={"not_in": ["us"]}, spread={"by": "zone", "max": 1}) | {"name": "parent"}
    child = constrained(region={"in": ["eu"]}, spread={"max": 2}) | {"extends": "parent"}
    constraints = inherited([child, parent])[0]["actions"]["placement"]["constraints"]
    assert constraints == {"region": {"in": ["eu"]}, "spread": {"by": "zone", "max": 2}}
