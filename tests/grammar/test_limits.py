"""Limits: beyond one a document is refused with the name of the setting, and quickly."""

from __future__ import annotations

import time

import pytest

from shardwright.grammar.limits import Limits
from shardwright.grammar.parser import parse_document
from tests.grammar.reading import condition_of, condition_problems, underlined

SMALL = Limits(max_document_bytes=200, max_depth=3, max_number_digits=5, max_string_length=10)


@pytest.mark.parametrize(
    ("text", "code", "message", "setting", "value"),
    [
        (
            "[" + "é" * 100 + "]",
            "E5001",
            "the document `x` has 202 bytes, more than 200",
            "max_document_bytes",
            200,
        ),
        ("[[[[1]]]]", "E5002", "this `[` nests deeper than 3 levels", "max_depth", 3),
        ('{"a": [{"b": {}}]}', "E5002", "this `{` nests deeper than 3 levels", "max_depth", 3),
        ("[123456]", "E5003", "the number `123456` has 6 digits, more than 5", "max_number_digits", 5),
        ("[1.23456]", "E5003", "the number `1.23456` has 6 digits, more than 5", "max_number_digits", 5),
        (
            '["abcdefghijk"]',
            "E5004",
            'the text `"abcdefghijk"` has 11 characters, more than 10',
            "max_string_length",
            10,
        ),
        (
            '{"abcdefghijk": 1}',
            "E5004",
            'the text `"abcdefghijk"` has 11 characters, more than 10',
            "max_string_length",
            10,
        ),
    ],
)
def test_a_document_beyond_a_limit_is_refused(
    text: str, code: str, message: str, setting: str, value: int
) -> None:
    _, (problem,) = parse_document(text, "x", SMALL)
    assert (problem.code, problem.message) == (code, message)
    assert problem.notes == (f"the setting `{setting}` is {value}",)
    assert problem.data == {"setting": setting, "value": value}
    assert problem.helps


def test_what_just_fits_is_read() -> None:
    for text in ("[[[1]]]", "[12345]", '["abcdefghij"]', "[" + "1" * 5 + " " * 193 + "]"):
        node, problems = parse_document(text, "x", SMALL)
        assert node is not None
        assert problems == []


@pytest.mark.parametrize(
    "condition", ["not " * 65 + "node.a exists", {"not": {"expr": "not " * 64 + "node.a exists"}}]
)
def test_a_condition_may_nest_64_levels(condition: object) -> None:
    (problem,) = condition_problems(condition)
    assert problem.code == "E5005"
    assert problem.message == "this condition nests deeper than 64 levels"
    assert problem.data == {"setting": "max_condition_depth", "value": 64}


def test_parentheses_alone_do_not_nest() -> None:
    assert condition_of("(" * 500 + "node.a exists" + ")" * 500) == condition_of("node.a exists")


def test_at_most_twenty_syntax_errors_are_told() -> None:
    _, problems = parse_document("[" + "1 " * 1000 + "]", "x")
    assert len(problems) == 20
    assert underlined(problems[0]) == ""


@pytest.mark.alone
@pytest.mark.parametrize(
    "text",
    [
        "[" * 500_000,
        '{"a":' * 100_000,
        '"' * 500_000,
        " " * 1_000_000,
        "[" + "1 " * 400_000 + "]",
        "-" * 500_000,
        '"\\' * 300_000,
        "/*" * 300_000,
        '"a\n' * 200_000,
        '["' + "\\u00e9" * 100_000 + '"]',
        "[" + "1," * 200_000 + "1]",
    ],
    ids=lambda text: text[:6],
)
def test_a_megabyte_of_anything_is_answered_in_linear_time(text: str) -> None:
    start = time.perf_counter()
    parse_document(text, "x")
    assert time.perf_counter() - start < 10
