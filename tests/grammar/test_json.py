"""The policy grammar reads exactly JSON, with a place for every value."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shardwright.grammar.parser import parse_bytes, parse_document
from shardwright.grammar.tree import Array, Leaf, Node, Object, pointer
from tests.grammar.making import numbers, texts

documents = st.recursive(
    st.one_of(st.none(), st.booleans(), numbers, texts),
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(texts, inner, max_size=4)),
    max_leaves=20,
)


@given(documents, st.sampled_from([None, 1]), st.booleans())
def test_valid_documents_read_as_the_standard_library_reads_them(
    data: object, indent: int | None, ascii: bool
) -> None:
    text = json.dumps(data, indent=indent, ensure_ascii=ascii)
    node, problems = parse_document(text, "x")
    assert problems == []
    assert node is not None
    assert json.dumps(node.plain()) == json.dumps(json.loads(text))


@given(documents)
def test_every_place_holds_the_text_of_its_value_and_its_pointer_leads_there(data: object) -> None:
    text = json.dumps(data, indent=2)
    node, _ = parse_document(text, "x")
    assert node is not None
    for path, value in below(node, ()):
        place = value.place
        assert json.loads(text[place.start : place.end]) == value.plain()
        assert place.pointer == pointer(*path)
        assert node.find(place.pointer) is value


def below(node: Node, path: tuple[str | int, ...]) -> list[tuple[tuple[str | int, ...], Node]]:
    parts: list[tuple[str | int, Node]] = []
    if isinstance(node, Object):
        parts = [(member.key, member.value) for member in node]
    elif isinstance(node, Array):
        parts = list(enumerate(node.items))
    return [(path, node), *(found for key, part in parts for found in below(part, (*path, key)))]


@given(st.text(alphabet="{}[]\",:\\ \n\t0123-+.eEtruefalsn/u#'", max_size=30))
def test_what_the_standard_library_refuses_is_refused_and_placed(text: str) -> None:
    node, problems = parse_document(text, "x")
    if not valid(text):
        assert problems
    for problem in problems:
        assert problem.severity == "error"
        assert all(0 <= span.place.start <= span.place.end <= len(text) for span in problem.spans)
        assert problem.spans
    assert node is not None or problems


def valid(text: str) -> bool:
    try:
        json.loads(text)
    except ValueError:
        return False
    return True


@pytest.mark.parametrize(
    ("text", "value"),
    [
        (' { "a" : [ 1 , { } , [ ] ] } ', {"a": [1, {}, []]}),
        ('{"a/b~c": 1}', {"a/b~c": 1}),
        ('"\\u00e9\\ud83d\\ude00\\n\\/"', "é😀\n/"),
        ("-0.5e+2", -50.0),
        ("12345678901234567890", 12345678901234567890),
        ("\ufeff[true, false, null]", [True, False, None]),
        ("[1]" + " " * 100_000, [1]),
    ],
)
def test_a_document_has_this_value(text: str, value: object) -> None:
    node, problems = parse_document(text, "x")
    assert problems == []
    assert node is not None
    assert node.plain() == value


def test_whole_numbers_stay_whole() -> None:
    node, _ = parse_document("[80, 80.0]", "x")
    assert isinstance(node, Array)
    assert [type(item.value) for item in node.items if isinstance(item, Leaf)] == [int, float]


def test_lines_and_columns_count_from_one_and_a_byte_order_mark_counts_for_nothing() -> None:
    node, _ = parse_bytes(b'\xef\xbb\xbf{"a":\n  "x"}', "x")
    assert node is not None
    assert (node.place.line, node.place.column) == (1, 1)
    assert (node.find("/a").place.line, node.find("/a").place.column) == (2, 3)


def test_keys_have_places_of_their_own() -> None:
    text = '{"a": 1, "b\\"" : [2]}'
    node, _ = parse_document(text, "x")
    assert isinstance(node, Object)
    keys = [text[member.key_place.start : member.key_place.end] for member in node]
    assert keys == ['"a"', '"b\\""']
    assert [member.key for member in node] == ["a", 'b"']


def test_of_equal_keys_the_first_stays() -> None:
    node, problems = parse_document('{"a": 1, "a": 2}', "x")
    assert node is not None
    assert node.plain() == {"a": 1}
    assert [problem.code for problem in problems] == ["E0018"]
