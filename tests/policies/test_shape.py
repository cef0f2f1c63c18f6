"""Documents of the wrong shape: the message, the help and the text that is underlined."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.policies.making import helps, of_type, one_policy, only, placement, policy, problems, underlined

EXAMPLE = """{"version": "1.0", "name": "example-policy", "description": "Example policy for shard placement",
 "type": "placement", "priority": 1,
 "conditions": {"all": [{"metric": "node.cpu_usage", "operator": "lt", "value": 80},
                        {"metric": "node.memory_usage", "operator": "lt", "value": 90}]},
 "actions": {"placement": {"strategy": "least_loaded",
                           "constraints": {"region": "us-west", "min_replicas": 2}}}}"""


def test_the_users_own_example_is_accepted_as_it_stands() -> None:
    from shardwright.policies.load import load_text

    policies, found = load_text(EXAMPLE, "example.json")
    assert found == []
    [example] = policies
    constraints = example.model.actions.placement.constraints
    assert constraints.label_constraints == {"region": "us-west"}
    assert constraints.min_replicas == 2
    assert example.model.enforcement == "yielding"
    place = example.place("/actions/placement/constraints/region")
    assert (place.line, place.source.text[place.start : place.end]) == (6, '"us-west"')


WRONG = [
    (policy(type=None), "E1101", "the policy needs the key `type`"),
    (policy(priority="1"), "E1103", "`priority`: expected a whole number, got a string"),
    (policy(priority=True), "E1103", "`priority`: expected a whole number, got true"),
    (policy(priority=1.5), "E1103", "`priority`: expected a whole number, got the number 1.5"),
    (policy(priority=0), "E1104", "`priority` must be from 1 to 1000000, is 0"),
    (policy(weight=1_000_001), "E1104", "`weight` must be from 1 to 1000000, is 1000001"),
    (policy(enabled="yes"), "E1103", "`enabled`: expected true or false, got a string"),
    (policy(name=""), "E1103", "`name`: expected a string, got an empty string"),
    (policy(depends_on=[3]), "E1103", "an item of `depends_on`: expected a string, got the number 3"),
    (policy(labels=["a"]), "E1103", "`labels`: expected an object, got a list"),
    (policy(actions=[]), "E1103", "`actions`: expected an object, got an empty list"),
    (policy(scope={"shards": "gold"}), "E1103", "`shards`: expected an object, got a string"),
    (
        policy(actions=placement(min_replicas=-1)),
        "E1104",
        "`min_replicas` must be from 0 to 1000000, is -1",
    ),
    (policy(actions=placement(spread={"max": 1})), "E1101", "`spread` needs the key `by`"),
    (policy(actions=placement(spread=[{"max": 1}])), "E1101", "an item of `spread` needs the key `by`"),
    (
        policy(actions=placement(exclusive="zone")),
        "E1103",
        '`exclusive`: expected true or an object {"by": LABEL}, got a string',
    ),
    (
        policy(actions=placement(node={"in": ["a"], "not_in": ["b"]})),
        "E1103",
        '`node`: expected a node\'s name, a list of names, {"in": [...]} or {"not_in": [...]}, got an object',
    ),
    (
        of_type("load_balancing", {"max_utilization": "80"}),
        "E1103",
        '`max_utilization`: expected a number or an object such as {"cpu": 80}, got a string',
    ),
    (of_type("load_balancing", {"tolerance": -1}), "E1104", "`tolerance` must be 0 or more, is -1"),
    (
        of_type("load_balancing", {"capacity": {"reserve": 101}}),
        "E1104",
        "`reserve` must be from 0 to 100, is 101",
    ),
    (
        of_type("replication", {"per": {"region": {"eu": "2"}}}),
        "E1103",
        '`eu`: expected a whole number or an object {"min": n, "max": n}, got a string',
    ),
    (
        of_type("migration", {"leave": "n1"}),
        "E1103",
        "`leave`: expected true or a selector over nodes, got a string",
    ),
    (policy(owner=None, valid_from="soon"), "E1106", "`valid_from`: `soon` is not a time such as"),
    (policy(valid_from="2026-13-01T00:00:00Z"), "E1106", "`2026-13-01T00:00:00Z` is not a time: month must"),
    (policy(name="a\nb"), "E1106", "`name`: a name has no control characters"),
]


@pytest.mark.parametrize(("document", "code", "message"), WRONG)
def test_each_fault_is_told_in_words(document: dict[str, Any], code: str, message: str) -> None:
    found = only(document)
    assert found.code == code
    assert message in found.message
    assert found.policy == document.get("name") or not document.get("name")


def test_a_wrong_value_is_underlined_exactly() -> None:
    found = only(policy(actions=placement(region="eu", min_replicas="2")))
    assert underlined(found) == '"2"'
    assert found.spans[0].place.pointer == "/actions/placement/constraints/min_replicas"


def test_a_value_in_a_single_object_that_may_be_a_list_is_underlined_exactly() -> None:
    found = only(policy(actions=placement(spread={"by": "zone", "max": "1"})))
    assert (underlined(found), found.spans[0].place.pointer) == (
        '"1"',
        "/actions/placement/constraints/spread/max",
    )


def test_a_number_for_one_resource_is_underlined_exactly() -> None:
    found = only(of_type("load_balancing", {"max_utilization": {"cpu": -3}}))
    assert (underlined(found), found.message) == ("-3", "`cpu` must be 0 or more, is -3")


def test_an_item_of_a_node_list_is_underlined_exactly() -> None:
    assert underlined(only(policy(actions=placement(node={"in": ["a", 77]})))) == "77"


def test_an_unknown_key_is_underlined_with_its_quotes_and_the_near_one_named() -> None:
    found = only(policy(enforcment="required"))
    assert (found.code, found.message) == ("E1102", "unknown key `enforcment` in the policy")
    assert underlined(found) == '"enforcment"'
    assert helps(found) == ["did you mean `enforcement`?"]


def test_an_unknown_key_far_from_all_lists_those_that_are_known() -> None:
    found = only(policy(actions={"placement": {"colour": "red"}}))
    assert helps(found) == ["the keys here are `applies_to`, `strategy`, `constraints`, `preferences`"]


@pytest.mark.parametrize(
    ("document", "near"),
    [
        (of_type("replication", {"replica": 3}), "replicas"),
        (of_type("migration", {"minimise": "moves"}), "minimize"),
        (
            of_type("load_balancing", {"headroom": [{"of": "a", "per": "b", "target": 1, "wieght": 2}]}),
            "weight",
        ),
        (policy(scope={"group": ["a"]}), "groups"),
        (policy(actions={"placment": {}}), "placement"),
        (policy(actions=placement(latency={"from": "a", "max_mss": 2})), "max_ms"),
    ],
)
def test_unknown_keys_are_found_at_every_depth(document: dict[str, Any], near: str) -> None:
    found = [item for item in problems(document) if item.code == "E1102"]
    assert helps(found[0]) == [f"did you mean `{near}`?"]


def test_an_unknown_word_names_the_near_one() -> None:
    found = only(policy(actions={"placement": {"strategy": "least_laoded"}}))
    assert (found.code, found.message) == ("E1105", "`strategy`: unknown value `least_laoded`")
    assert underlined(found) == '"least_laoded"'
    assert helps(found) == ["did you mean `least_loaded`?"]


def test_an_unknown_word_far_from_all_lists_the_choices() -> None:
    found = only(policy(enforcement="maybe"))
    assert helps(found) == ["possible values are `required`, `yielding`, `no_worse` or `preferred`"]


@pytest.mark.parametrize("key", ["min_replcas", "spred", "nod", "nodes", "exclusiv", "label"])
def test_a_constraint_near_a_known_key_is_an_error(key: str) -> None:
    found = only(policy(actions=placement(**{key: "x"})))
    assert (found.code, underlined(found)) == ("E1102", f'"{key}"')
    assert helps(found)[0].startswith("did you mean `")


@pytest.mark.parametrize("key", ["zone", "region", "rack", "disk", "datacenter", "role", "label_constraints"])
def test_any_other_constraint_is_a_label(key: str) -> None:
    found = one_policy(policy(actions=placement(**{key: "x"})))
    assert found.model.actions.placement.constraints.label_constraints == {key: "x"}


def test_null_is_no_value() -> None:
    found = only({**policy(), "owner": None})
    assert (found.code, found.message, underlined(found)) == (
        "E1103",
        "`owner`: expected a string, got null",
        "null",
    )


def test_null_is_no_value_where_a_key_may_be_absent() -> None:
    found = only({**policy(), "extends": None})
    assert (found.code, underlined(found)) == ("E1103", "null")


def test_all_faults_come_at_once_sorted_by_place() -> None:
    document = policy(priority=0, enforcment="x", actions={"placement": {"strategy": "x"}}, type=None)
    found = problems(document)
    assert [item.code for item in found] == ["E1101", "E1104", "E1102", "E1105"] or len(found) == 4
    starts = [item.spans[0].place.start for item in found]
    assert starts == sorted(starts)


def test_a_list_file_holds_several_policies_and_pointers_lead_through_it() -> None:
    from shardwright.policies.load import load_text

    text = json.dumps([policy(name="a"), policy(name="b", priority=0)])
    policies, [found] = load_text(text, "both.json")
    assert [item.name for item in policies] == ["a"]
    assert (found.policy, found.spans[0].place.pointer) == ("b", "/1/priority")


@pytest.mark.parametrize(
    ("text", "got"), [("3", "the number 3"), ('"x"', "a string"), ("[[]]", "an empty list")]
)
def test_what_is_no_policy_at_all(text: str, got: str) -> None:
    from shardwright.policies.load import load_text

    [found] = load_text(text)[1]
    assert (found.code, found.message) == ("E1107", f"expected a policy (an object), got {got}")


def test_an_empty_list_holds_no_policy() -> None:
    from shardwright.policies.load import load_text

    [found] = load_text("[]")[1]
    assert (found.code, found.message) == ("E1107", "this list holds no policy")
