"""Did you mean: two edits at most, and always the same answer."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shardwright.grammar.spelling import did_you_mean, edits

KNOWN = ["region", "zone", "rack", "replicas", "min_replicas", "in", "lt", "lte"]


@pytest.mark.parametrize(
    ("word", "near"),
    [
        ("regoin", "region"),
        ("REGION", "region"),
        ("reion", "region"),
        ("regionss", "region"),
        ("rigeon", "region"),
        ("zome", "zone"),
        ("min_replica", "min_replicas"),
        ("inn", "in"),
        ("lt", None),
        ("x", None),
        ("gt", None),
        ("datacenter", None),
        ("region", None),
        ("abcdef", None),
    ],
)
def test_the_nearest_word(word: str, near: str | None) -> None:
    assert did_you_mean(word, KNOWN) == near


def test_equally_near_words_are_told_apart_by_the_alphabet() -> None:
    assert did_you_mean("bat", ["rat", "cat"]) == did_you_mean("bat", ["cat", "rat"]) == "cat"


words = st.text("abc", max_size=5)


@given(words, words)
def test_edits_are_symmetric_and_zero_for_equal_words_only(left: str, right: str) -> None:
    assert edits(left, right) == edits(right, left)
    assert (edits(left, right) == 0) == (left == right)
