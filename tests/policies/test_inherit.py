"""What a policy takes from the policy it extends."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as some

from shardwright.grammar.parser import parse_document
from shardwright.grammar.tree import Object
from shardwright.policies.inherit import inherit
from shardwright.policies.policy import Policy
from tests.policies.making import codes, load, only, placement, policy


def child(parent: dict[str, Any], **own: Any) -> Policy:
    policies, found = load({**parent, "name": "parent"}, {"name": "child", "extends": "parent", **own})
    assert not [item.message for item in found if item.severity == "error"]
    return policies["child"]


def merged(parent: dict[str, Any], **own: Any) -> Any:
    return child(parent, **own).tree.plain()


def test_a_child_overrides_by_key_and_takes_the_rest() -> None:
    found = child(policy(priority=3, enforcement="required"), priority=1).model
    assert (found.priority, found.enforcement, found.type) == (1, "required", "placement")


def test_name_extends_and_description_are_not_inherited() -> None:
    assert child(policy(description="about the parent")).model.description == ""


def test_objects_merge_within() -> None:
    parent = policy(actions=placement(region="eu", min_replicas=2))
    found = merged(parent, actions=placement(min_replicas=3, zone="a"))
    assert found["actions"]["placement"]["constraints"] == {"region": "eu", "min_replicas": 3, "zone": "a"}


def test_lists_replace() -> None:
    assert merged(policy(depends_on=["x"]), depends_on=["y"])["depends_on"] == ["y"]


def test_the_conditions_of_two_all_lists_are_joined_parent_first() -> None:
    cool, gold = ({"expr": "node.cpu < 80"}, {"expr": "shard.tier == 'gold'"})
    found = merged(policy(conditions={"all": [cool]}), conditions={"all": [gold]})
    assert found["conditions"] == {"all": [cool, gold]}


def test_other_conditions_replace() -> None:
    found = merged(policy(conditions={"all": [{"expr": "node.a < 1"}]}), conditions={"expr": "node.b < 1"})
    assert found["conditions"] == {"expr": "node.b < 1"}


def test_selector_operators_replace_as_one_value() -> None:
    parent = policy(actions=placement(region={"in": ["eu", "us"]}))
    found = merged(parent, actions=placement(region={"not_in": ["eu"]}))
    assert found["actions"]["placement"]["constraints"]["region"] == {"not_in": ["eu"]}


def test_null_takes_an_inherited_key_away() -> None:
    parent = policy(owner="ops", actions=placement(region="eu", min_replicas=2))
    found = merged(parent, owner=None, actions=placement(region=None))
    assert "owner" not in found
    assert found["actions"]["placement"]["constraints"] == {"min_replicas": 2}


def test_chains_have_any_length() -> None:
    policies, found = load(
        policy(name="c", extends="b", priority=7),
        policy(name="a", owner="ops", weight=3),
        {"name": "b", "description": "x", "extends": "a", "weight": 5},
    )
    assert found == []
    model = policies["c"].model
    assert (model.owner, model.weight, model.priority) == ("ops", 5, 7)


def test_every_value_keeps_the_place_of_its_own_file() -> None:
    found = child(policy(actions=placement(region="eu", min_replicas=2)), actions=placement(min_replicas=3))
    constraints = "/actions/placement/constraints"
    assert found.place(f"{constraints}/region").file == "0.json"
    assert found.place(f"{constraints}/min_replicas").file == "1.json"


def test_a_fault_of_the_parent_is_told_once_in_the_parents_file() -> None:
    found = only(policy(name="a", priority=0), {"name": "b", "description": "x", "extends": "a"})
    assert (found.code, found.policy, found.spans[0].place.file) == ("E1104", "a", "0.json")


def test_a_fault_that_only_the_two_together_make_shows_both_files() -> None:
    found = only(
        policy(name="a", actions=placement(max_replicas=2)),
        {"name": "b", "description": "x", "extends": "a", "actions": placement(min_replicas=3)},
    )
    assert [span.place.file for span in found.spans] == ["1.json", "0.json"]
    assert found.code == "E1108"


def test_an_heir_of_an_heir_without_parent_is_told_once() -> None:
    assert codes({"name": "a", "extends": "zzz"}, {"name": "b", "extends": "a"}) == ["E2002"]


values = some.recursive(
    some.integers(0, 3) | some.text("ab", max_size=2),
    lambda inner: (
        some.lists(inner, max_size=2) | some.dictionaries(some.sampled_from("abc"), inner, max_size=3)
    ),
    max_leaves=6,
)
objects = some.dictionaries(some.sampled_from("abc"), values, max_size=3)


def tree(plain: Any) -> Object:
    import json

    node, _ = parse_document(json.dumps(plain), "x")
    assert isinstance(node, Object)
    return node


@given(objects)
def test_a_child_that_says_nothing_is_its_parent(parent: dict[str, Any]) -> None:
    assert inherit(tree(parent), tree({})).plain() == parent


@given(objects, objects)
def test_what_a_child_says_holds(parent: dict[str, Any], own: dict[str, Any]) -> None:
    once = inherit(tree(parent), tree(own))
    assert inherit(once, tree(own)).plain() == once.plain()
    assert all(once.plain()[key] == value for key, value in own.items() if not isinstance(value, dict))  # type: ignore[call-overload, index]
