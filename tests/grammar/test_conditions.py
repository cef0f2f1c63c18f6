"""Both spellings of a condition give one tree, and printing it gives the tree back."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given

from shardwright.grammar.attributes import Misread, print_attribute, read_attribute
from shardwright.grammar.conditions import parse_condition
from shardwright.grammar.parser import parse_document
from shardwright.grammar.respell import infix_text, tree_json
from shardwright.grammar.syntax import SYMBOLS, Attribute, Comparison, Condition, comparisons
from tests.grammar.making import attributes, conditions
from tests.grammar.reading import condition_of


def leaf(metric: str, operator: str, value: Any = None) -> dict[str, Any]:
    return {"metric": metric, "operator": operator} | ({} if value is None else {"value": value})


A, B, C = leaf("node.a", "lt", 1), leaf("node.b", "exists"), leaf("shard.c", "eq", "x")

# One line for each piece of syntax: infix text, and the same as JSON.
SPELLINGS: list[tuple[str, Any]] = [
    ("node.cpu_usage < 80", leaf("node.cpu_usage", "lt", 80)),
    ("node.cpu_usage <= 80.5", leaf("node.cpu_usage", "lte", 80.5)),
    ("node.cpu_usage > -1", leaf("node.cpu_usage", "gt", -1)),
    ("node.cpu_usage >= 1e3", leaf("node.cpu_usage", "gte", 1000.0)),
    ("shard.tier == 'gold'", leaf("shard.tier", "eq", "gold")),
    ('shard.tier != "gold"', leaf("shard.tier", "neq", "gold")),
    ("shard.tier in ['gold', 'silver']", leaf("shard.tier", "in", ["gold", "silver"])),
    ("shard.tier not in [1, true, 'x']", leaf("shard.tier", "not_in", [1, True, "x"])),
    ("node.a between [1, 2]", leaf("node.a", "between", [1, 2])),
    ("node.a between 1 and 2", leaf("node.a", "between", [1, 2])),
    ("node.a between 1 and 2 and node.b exists", {"all": [leaf("node.a", "between", [1, 2]), B]}),
    ("shard.name contains 'ord'", leaf("shard.name", "contains", "ord")),
    ("shard.name matches 'ord*'", leaf("shard.name", "matches", "ord*")),
    ("node.gpu exists", leaf("node.gpu", "exists")),
    ("node.gpu not exists", leaf("node.gpu", "not_exists")),
    ("shard.home == node.region", leaf("shard.home", "eq", {"metric": "node.region"})),
    ("node.a < cluster.b", leaf("node.a", "lt", {"metric": "cluster.b"})),
    ("shard.locked == true", leaf("shard.locked", "eq", True)),
    ("current.state == 'draining'", leaf("current.state", "eq", "draining")),
    ("time.hour < 6", leaf("time.hour", "lt", 6)),
    ("node.labels.disk == 'ssd'", leaf("node.labels.disk", "eq", "ssd")),
    ("node.labels['a b'] exists", leaf("node.labels['a b']", "exists")),
    ('node["a.b"] exists', leaf("node['a.b']", "exists")),
    (
        "node.labels['topology.kubernetes.io/zone'] exists",
        leaf("node.labels.topology.kubernetes.io/zone", "exists"),
    ),
    ("node.metrics.x > 1", leaf("node.metrics.x", "gt", 1)),
    ("node.capacity.cpu >= 16", leaf("node.capacity.cpu", "gte", 16)),
    ("node.safe.cpu >= 16", leaf("node.safe.cpu", "gte", 16)),
    ("shard.load.disk > 5", leaf("shard.load.disk", "gt", 5)),
    ("node.disk-type == 'a'", leaf("node.disk-type", "eq", "a")),
    (r"shard.x == 'it\'s \\ \"'", leaf("shard.x", "eq", "it's \\ \"")),
    ("node.a < 1 and node.b exists and shard.c == 'x'", {"all": [A, B, C]}),
    ("node.a < 1 or node.b exists or shard.c == 'x'", {"any": [A, B, C]}),
    ("node.a < 1 and node.b exists or shard.c == 'x'", {"any": [{"all": [A, B]}, C]}),
    ("node.a < 1 and (node.b exists or shard.c == 'x')", {"all": [A, {"any": [B, C]}]}),
    ("(node.a < 1 and node.b exists) and shard.c == 'x'", {"all": [{"all": [A, B]}, C]}),
    ("not node.a < 1", {"not": A}),
    ("not not node.a < 1", {"not": {"not": A}}),
    ("not node.a < 1 and node.b exists", {"all": [{"not": A}, B]}),
    ("not (node.a < 1 or node.b exists)", {"not": {"any": [A, B]}}),
    ("none(node.a < 1, node.b exists)", {"none": [A, B]}),
    ("all(node.a < 1)", {"all": [A]}),
    ("any(node.a < 1)", {"any": [A]}),
    ("none(node.a < 1)", {"none": [A]}),
    ("any(node.a < 1, node.b exists)", {"any": [A, B]}),
    ("none(node.a < 1 or node.b exists)", {"none": [{"any": [A, B]}]}),
    ("((node.a < 1))", A),
    (" node.a<1\n\tand(node.b exists) ", {"all": [A, B]}),
]
EACH = pytest.mark.parametrize(("text", "tree"), SPELLINGS, ids=[text for text, _ in SPELLINGS])


@EACH
def test_infix_and_tree_are_the_same_condition(text: str, tree: Any) -> None:
    assert condition_of(text) == condition_of(tree)


@EACH
def test_what_is_printed_reads_back(text: str, tree: Any) -> None:
    condition = condition_of(text)
    assert condition_of(infix_text(condition)) == condition
    assert condition_of(tree_json(condition)) == condition


@given(conditions)
def test_any_condition_survives_both_spellings(condition: Condition) -> None:
    """Types too: 1, 1.0 and true are equal in Python, and different here."""
    for value in ({"expr": infix_text(condition)}, tree_json(condition)):
        node, problems = parse_document(json.dumps(value), "x")
        assert problems == []
        assert node is not None
        back, problems = parse_condition(node)
        assert problems == []
        assert back == condition
        assert repr(back) == repr(condition)


@given(attributes())
def test_any_attribute_survives(attribute: Attribute) -> None:
    assert read_attribute(print_attribute(attribute)) == attribute


def test_operators_have_their_symbols_in_json_too() -> None:
    for name, symbol in SYMBOLS.items():
        value: Any = {"in": [1], "not_in": [1], "between": [1, 2], "contains": "x", "matches": "x"}.get(
            name, 1
        )
        value = None if "exists" in name else value
        assert condition_of(leaf("node.a", symbol, value)) == condition_of(leaf("node.a", name, value))


def test_expressions_mix_with_the_tree() -> None:
    mixed = {"all": [{"expr": "node.a < 1"}, {"not": {"expr": "node.b exists"}}]}
    assert condition_of(mixed) == condition_of({"all": [A, {"not": B}]})


@pytest.mark.parametrize(
    ("text", "marked"),
    [
        ('{"expr": "node.a < 1 and shard.b == \'x\'"}', ["node.a < 1", "shard.b == 'x'"]),
        ('{"expr": "shard.b == \\"x\\" and node.a < 1"}', ['shard.b == \\"x\\"', "node.a < 1"]),
        (
            '{"expr": "shard.b == \'\\u00e9\\ud83d\\ude00é\' or node.a\\t<\\n1"}',
            ["shard.b == '\\u00e9\\ud83d\\ude00é'", "node.a\\t<\\n1"],
        ),
        ('{"expr": "(node.a < 1)"}', ["node.a < 1"]),
        (
            '{"metric": "node.a", "operator": "<", "value": 1}',
            ['{"metric": "node.a", "operator": "<", "value": 1}'],
        ),
    ],
)
def test_places_point_into_the_file_whatever_is_escaped(text: str, marked: list[str]) -> None:
    node, _ = parse_document(text, "x")
    assert node is not None
    condition, _ = parse_condition(node)
    assert condition is not None
    found = [comparison.place for comparison in comparisons(condition)]
    assert [text[place.start : place.end] for place in found] == marked
    assert {place.pointer for place in found} == ({"/expr"} if "expr" in text else {""})


@pytest.mark.parametrize(
    "text",
    [
        "",
        "node",
        "node.",
        "nope.x",
        ".x",
        "node.labels",
        "node.labels.",
        "node[x]",
        "node['']",
        "node.a.b",
        "time.minute",
        "node x",
    ],
)
def test_what_is_no_attribute_is_told_with_a_way_out(text: str) -> None:
    found = read_attribute(text)
    assert isinstance(found, Misread)
    assert found.help
    assert 0 <= found.start <= found.end <= len(text)


def test_equality_has_nothing_to_do_with_places() -> None:
    here, there = condition_of("node.a < 1"), condition_of("  node.a  <  1")
    assert isinstance(here, Comparison)
    assert isinstance(there, Comparison)
    assert here == there
    assert here.place != there.place
