"""Where the values of pointers stand in a text."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from shardwright.cluster.positions import locate
from shardwright.grammar.tree import pointer

TEXT = '{"a": [10, {"b/c": "}\\"",\n "d" : true}], "é": {"a": null}}'


def found(*tokens: str) -> tuple[str, str | None]:
    """The text of a value and of its key."""
    at = locate(TEXT, [tokens])[pointer(*tokens)]
    return TEXT[slice(*at.value)], TEXT[slice(*at.key)] if at.key else None


def test_members_have_a_value_and_a_key() -> None:
    assert found("a", "1", "b/c") == ('"}\\""', '"b/c"')
    assert found("a", "1", "d") == ("true", '"d"')
    assert found("é", "a") == ("null", '"a"')


def test_items_have_a_value_only() -> None:
    assert found("a", "0") == ("10", None)


def test_what_leads_to_a_value_is_found_too() -> None:
    places = locate(TEXT, [("a", "1", "d")])
    assert set(places) == {"", "/a", "/a/1", "/a/1/d"}
    assert places[""].value == (0, len(TEXT))


def test_what_is_not_there_is_left_out() -> None:
    assert set(locate(TEXT, [("a", "7"), ("x", "y")])) == {"", "/a"}


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=4),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=12,
)


def paths(value: Any, above: tuple[str, ...] = ()) -> list[tuple[tuple[str, ...], Any]]:
    below = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [(above, value), *(pair for key, item in below for pair in paths(item, (*above, str(key))))]


@given(JSON, st.sampled_from([None, 0, 2]), st.booleans())
def test_every_value_of_any_document_is_where_it_is_said_to_be(
    value: Any, indent: int | None, plain: bool
) -> None:
    text = json.dumps(value, indent=indent, ensure_ascii=plain)
    everything = paths(value)
    places = locate(text, [tokens for tokens, _ in everything])
    for tokens, item in everything:
        assert json.loads(text[slice(*places[pointer(*tokens)].value)]) == item
