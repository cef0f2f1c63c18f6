"""YAML becomes the same Nodes as JSON, with places, or an error at the place where it is wrong."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shardwright.grammar.parser import parse_document
from shardwright.grammar.tree import Node
from shardwright.testing.yaml import parse_yaml

TEXT = st.text(
    st.characters(codec="utf-8", exclude_characters="\0\x7f\ufeff", exclude_categories=["Cc", "Cs"])
)
JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(10**20), 10**20)
    | st.floats(-1e9, 1e9, allow_subnormal=False)
    | TEXT,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXT, inner, max_size=4),
    max_leaves=12,
)


def read(text: str) -> Node:
    node, problems = parse_yaml(text, "x.yaml")
    assert node is not None
    assert not problems
    return node


@settings(max_examples=200, deadline=None)
@given(JSON)
def test_json_is_yaml_and_means_the_same(document: object) -> None:
    """Value for value, and in the same places."""
    text = json.dumps(document, ensure_ascii=False)
    by_json, problems = parse_document(text, "x.json")
    assert by_json is not None
    assert not problems
    by_yaml = read(text)
    assert by_yaml == by_json
    assert (by_yaml.place.start, by_yaml.place.end) == (by_json.place.start, by_json.place.end)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("no", "no"),
        ("on", "on"),
        ("012", "012"),
        ("1:30", "1:30"),
        ("2026-11-01", "2026-11-01"),
        ("1e3", 1000.0),
        (".5", ".5"),
        ("0x10", "0x10"),
        ("~", None),
        ("a:", {"a": None}),
        ("1: x", {"1": "x"}),
        ("'true'", "true"),
        ("true", True),
        ("a: &x [1]\nb: *x", {"a": [1], "b": [1]}),
        ("|\n  a\n  b\n", "a\nb\n"),
    ],
)
def test_plain_words_mean_what_json_says(text: str, value: object) -> None:
    assert read(text).plain() == value


def test_every_value_has_its_place() -> None:
    text = "a:\n  - b: {c: 1}\n  - text\nd: e # remark\n"
    node = read(text)
    for pointer, shown in [
        ("/a", "- b: {c: 1}\n  - text"),
        ("/a/0", "b: {c: 1}"),
        ("/a/0/b", "{c: 1}"),
        ("/a/0/b/c", "1"),
        ("/a/1", "text"),
        ("/d", "e"),
    ]:
        place = node.find(pointer).place
        assert place.pointer == pointer
        assert text[place.start : place.end] == shown


@pytest.mark.parametrize(
    ("text", "code", "line", "column"),
    [
        ("a: [1", "E0201", 1, 6),
        ("a: 1\n\tb: 2", "E0201", 2, 1),
        ("a: *b", "E0201", 1, 4),
        ("a: &a [*a]", "E0201", 1, 8),
        ('a: "\\ud800"', "E0201", 1, 4),
        ("a: 1\na: 2", "E0018", 2, 1),
        ("a: !!int 3", "E0202", 1, 4),
        ("? [a]\n: 1", "E0202", 1, 3),
        ("<<: {a: 1}", "E0202", 1, 1),
        ("a: 1\n---\nb: 2", "E0202", 2, 1),
        ("a: \x07", "E0201", 1, 4),
        ("", "E0019", 1, 1),
        ("[" * 70 + "]" * 70, "E5002", 1, 65),
        ("a: 1e999", "E0012", 1, 4),
    ],
)
def test_what_is_wrong_is_told_at_its_place(text: str, code: str, line: int, column: int) -> None:
    _, problems = parse_yaml(text, "x.yaml")
    assert [problem.code for problem in problems] == [code]
    place = problems[0].spans[0].place
    assert (place.line, place.column) == (line, column)
