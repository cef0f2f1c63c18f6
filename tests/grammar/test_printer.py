"""fmt: the same data, in one way of writing it."""

# One line for each case, however long.
# ruff: noqa: E501

from __future__ import annotations

import json

from hypothesis import given
from hypothesis import strategies as st

from shardwright.grammar.conditions import parse_condition
from shardwright.grammar.parser import parse_document
from shardwright.grammar.printer import Spelling, format_policy, format_with_notes
from shardwright.grammar.respell import tree_json
from shardwright.grammar.syntax import Condition
from shardwright.grammar.tree import Node
from tests.grammar.making import conditions
from tests.grammar.reading import node_of
from tests.grammar.test_json import documents

UNTIDY = """{"actions": {"placement": {"preferences": [{"weight": 2, "labels": {"disk": "ssd"}}],
 "constraints": {"min_replicas": 2, "spread": {"by": "zone", "max": 1}, "region": "us-west", "exclusive": true, "disk": "ssd"},
 "strategy": "least_loaded"}}, "priority": 1.50e1, "odd": 1, "conditions": {"all": [{"value": 80, "operator": "<", "metric": "node.cpu"},
 {"expr": "node.b not exists"}]}, "scope": {"ids": [], "shards": {"z": "1", "a": "2"}}, "name": "caf\\u00e9", "version": "1.0"}"""

TIDY = """{
  "version": "1.0",
  "name": "caf\\u00e9",
  "priority": 1.50e1,
  "scope": {"shards": {"z": "1", "a": "2"}, "ids": []},
  "conditions": {
    "all": [{"metric": "node.cpu", "operator": "<", "value": 80}, {"expr": "node.b not exists"}]
  },
  "actions": {
    "placement": {
      "strategy": "least_loaded",
      "constraints": {
        "region": "us-west",
        "disk": "ssd",
        "min_replicas": 2,
        "spread": {"by": "zone", "max": 1},
        "exclusive": true
      },
      "preferences": [{"labels": {"disk": "ssd"}, "weight": 2}]
    }
  },
  "odd": 1
}
"""


def node(text: str) -> Node:
    found, problems = parse_document(text, "x")
    assert found is not None
    assert problems == []
    return found


def test_keys_stand_in_the_order_of_the_language_and_words_as_they_were_written() -> None:
    assert format_policy(node(UNTIDY)) == TIDY


def test_conditions_in_either_spelling() -> None:
    tree = format_policy(node(UNTIDY), "tree")
    assert '{"metric": "node.b", "operator": "not_exists"}' in tree
    assert '"operator": "lt"' in tree
    infix = format_policy(node(UNTIDY), "expr")
    assert '"conditions": {"expr": "node.cpu < 80 and node.b not exists"},' in infix
    assert format_policy(node(infix), "tree") == tree


@given(documents, st.sampled_from(["keep", "tree", "expr"]))
def test_formatting_keeps_the_data_and_is_done_after_once(data: object, spelling: Spelling) -> None:
    text = format_policy(node_of(data), spelling)
    assert json.dumps(json.loads(text), sort_keys=True) == json.dumps(data, sort_keys=True)
    assert format_policy(node(text), spelling) == text


@given(conditions, st.sampled_from(["tree", "expr"]))
def test_respelled_conditions_mean_the_same(condition: Condition, spelling: Spelling) -> None:
    formatted = format_with_notes(node_of({"conditions": tree_json(condition)}), spelling)
    assert formatted.notes == ()
    back, problems = parse_condition(node(formatted.text).find("/conditions"))
    assert problems == []
    assert back == condition


def test_lines_are_at_most_100_columns_unless_a_word_is_longer() -> None:
    data = {"name": "x", "depends_on": ["policy-" + "a" * 20] * 4, "labels": {"k" * 30: "v" * 80}}
    lines = format_policy(node_of(data)).splitlines()
    assert [len(line) for line in lines if len(line) > 100] == [4 + 32 + 2 + 82]


def test_a_list_has_a_policy_on_several_lines_each() -> None:
    text = '[\n  {\n    "name": "a"\n  },\n  {\n    "name": "b"\n  }\n]\n'
    assert format_policy(node('[{"name": "a"}, {"name": "b"}]')) == text


def test_conditions_with_errors_are_left_alone_with_a_note() -> None:
    formatted = format_with_notes(node('{"conditions": {"expr": "node.a <"}}'), "tree")
    assert json.loads(formatted.text) == {"conditions": {"expr": "node.a <"}}
    assert formatted.notes == ("the conditions at line 1 are left as they are: unexpected end after `<`",)
