"""Syntax errors: their words, their help and the text that is underlined."""

from __future__ import annotations

import pytest

from shardwright.grammar.parser import parse_bytes, parse_document
from tests.grammar.reading import help_of, underlined

ONE_ERROR = [
    # text, code, message, underlined, help
    ("", "E0019", "the document is empty", "", "a policy is a JSON object in `{` and `}`"),
    ('{"a": 1 "b": 2}', "E0002", 'a comma is missing between `1` and `"b"`', "", "add `,`"),
    ("[1 2]", "E0002", "a comma is missing between `1` and `2`", "", "add `,`"),
    ('{"a": 1,}', "E0003", "a comma before `}`", ",", "leave out the comma"),
    ("[1, 2 , ]", "E0003", "a comma before `]`", ",", "leave out the comma"),
    ('{"a" 1}', "E0004", 'a colon is missing after `"a"`', "", "add `:`"),
    ('{"a"}', "E0004", '`"a"` has no value', '"a"', 'write `"a": ...`'),
    ('{"a": [1, 2', "E0005", "this `[` is never closed", "[", "add `]`"),
    ('{"a": {"b": 1}', "E0005", "this `{` is never closed", "{", "add `}`"),
    ('{"a": [1, 2}', "E0005", "`[` is not closed before `}`", "}", "add `]` before it"),
    ('{"a": 1]', "E0006", "`]` cannot close `{`", "]", "write `}`"),
    ('{"a": 1}}', "E0006", "`}` closes nothing", "}", "leave out `}`"),
    ("{'a': 1}", "E0007", "texts stand in double quotes, not `'a'`", "'a'", 'write `"a"`'),
    (
        '{"a": 1} // why',
        "E0008",
        "JSON has no comments: `// why`",
        "// why",
        "say it in `description`, or leave it out",
    ),
    (
        '{"a": /* x */ 1}',
        "E0008",
        "JSON has no comments: `/* x */`",
        "/* x */",
        "say it in `description`, or leave it out",
    ),
    ("[NaN]", "E0009", "`NaN` is not a number in JSON", "NaN", "write a number, or leave it out"),
    (
        "[-Infinity]",
        "E0009",
        "`-Infinity` is not a number in JSON",
        "-Infinity",
        "write a number, or leave it out",
    ),
    ("{a: 1}", "E0010", "a key without quotes: `a`", "a", 'write `"a"`'),
    ("{1: 2}", "E0010", "a key without quotes: `1`", "1", 'write `"1"`'),
    ("[True]", "E0010", "the word `True` means nothing here", "True", "write `true`"),
    ("[ture]", "E0010", "the word `ture` means nothing here", "ture", "did you mean `true`?"),
    ("[gold]", "E0010", "a text without quotes: `gold`", "gold", 'write `"gold"`'),
    ("[01]", "E0011", "`01` is not a number", "01", "write `1`, without leading zeros"),
    ("[.5]", "E0011", "`.5` is not a number", ".5", "write `0.5`"),
    ("[5.]", "E0011", "`5.` is not a number", "5.", "write `5.0`"),
    ("[+5]", "E0011", "`+5` is not a number", "+5", "write `5`, without the plus"),
    ("[1_000]", "E0011", "`1_000` is not a number", "1_000", "write `1000`"),
    ("[80ms]", "E0011", "`80ms` is not a number", "80ms", 'write a plain number, or `"80ms"` as a text'),
    ("[1e999]", "E0012", "the number `1e999` is too large", "1e999", "write a number within range"),
    ("[1e-999]", "E0012", "the number `1e-999` is too small", "1e-999", "write a number within range"),
    (
        '{"a": "abc\n}',
        "E0013",
        'the text `"abc` is never closed',
        '"abc',
        'add `"`; a line break inside a text is written `\\n`',
    ),
    (
        '{"a": "two\nlines", "b": 1}',
        "E0013",
        'the text `"two` is never closed',
        '"two',
        'add `"`; a line break inside a text is written `\\n`',
    ),
    ('["a\tb"]', "E0014", "the control character U+0009 stands in a text", "\t", "write `\\t`"),
    (
        '["a\\q"]',
        "E0015",
        "unknown escape `\\q` in a text",
        "\\q",
        'one of `\\" \\\\ \\/ \\b \\f \\n \\r \\t \\uXXXX`; a backslash itself is written `\\\\`',
    ),
    (
        '["\\ud800"]',
        "E0016",
        "the escape `\\ud800` is half of a surrogate pair and stands for no character",
        '"\\ud800"',
        "write the character itself, or both halves of the pair",
    ),
    ('{"a": 1, "a": 2}', "E0018", "the key `a` stands twice in one object", '"a"', "keep one of them"),
    (
        "{} {}",
        "E0020",
        "`{` stands after the end of the document",
        "{",
        "put several policies into one list, `[` and `]`",
    ),
    ('{"a": }', "E0021", 'a value is missing after `"a"`', "}", "add a value"),
    ('{"a":', "E0021", 'a value is missing after `"a"`', "", "add a value"),
    ("[1,,2]", "E0021", "nothing stands between `,` and `,`", ",", "leave out the comma"),
    ('["\\u0000"]', "E0022", "the escape `\\u0000` is not allowed in a text", '"\\u0000"', "leave it out"),
    ('["a": 1]', "E0023", 'the key `"a"` stands in a list', '"a":', "put it in `{` and `}`"),
    ("{[1]}", "E0023", "expected a key, found `[`", "[", "keys are texts in double quotes"),
    ('{"a": 1; "b": 2}', "E0001", "unexpected `;`", ";", "leave it out"),
    ('{"a":: 1}', "E0001", 'unexpected `:` after `"a"`', ":", "leave out the colon"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "code", "message", "marked", "way"), ONE_ERROR, ids=[row[0][:20] for row in ONE_ERROR]
)
def test_a_mistake_is_told_once_and_in_these_words(
    text: str, code: str, message: str, marked: str, way: str
) -> None:
    _, problems = parse_document(text, "x")
    assert [problem.code for problem in problems] == [code]
    assert problems[0].message == message
    assert underlined(problems[0]) == marked
    assert help_of(problems[0]) == way


def test_independent_errors_are_told_in_one_run_in_the_order_of_the_text() -> None:
    text = '{\n  \'name\': 1,\n  "a": [1 2],\n  "b": 01,\n  "c": {"d": 3,}\n}'
    node, problems = parse_document(text, "x")
    assert node is None
    assert [(problem.code, problem.spans[0].place.line) for problem in problems] == [
        ("E0007", 2),
        ("E0002", 3),
        ("E0011", 4),
        ("E0003", 5),
    ]


def test_several_wrong_values_leave_the_shape_clear() -> None:
    node, problems = parse_document('{"a": 1e999, "b": "\\ud800", "c": 3}', "x")
    assert [problem.code for problem in problems] == ["E0012", "E0016"]
    assert node is not None
    assert node.plain() == {"a": 0, "b": "\ufffd", "c": 3}


def test_a_repeated_key_shows_both_places() -> None:
    _, (problem,) = parse_document('{"a": {"k": 1, "k": 2}}', "x")
    assert [(span.label, span.primary) for span in problem.spans] == [
        ("again here", True),
        ("first here", False),
    ]
    assert problem.spans[0].place.start > problem.spans[1].place.start


def test_equal_keys_may_be_written_differently() -> None:
    _, problems = parse_document('{"a": 1, "\\u0061": 2}', "x")
    assert [problem.message for problem in problems] == ["the key `a` stands twice in one object"]


def test_an_unclosed_bracket_shows_where_the_text_ends() -> None:
    _, (problem,) = parse_document('{"a": [1\n', "x")
    assert [span.label for span in problem.spans] == ["opened here", "the text ends here"]


@pytest.mark.parametrize(
    ("data", "byte", "column"), [(b'{"a": "caf\xe9"}', "0xe9", 11), (b"\xff\xfe{\0}\0", "0xff", 1)]
)
def test_bytes_that_are_not_utf8_are_placed(data: bytes, byte: str, column: int) -> None:
    node, (problem,) = parse_bytes(data, "x")
    assert node is None
    assert problem.code == "E0017"
    assert problem.message == f"the byte `{byte}` is not valid UTF-8"
    assert problem.spans[0].place.column == column
    assert help_of(problem) == "save the file as UTF-8"


def test_pointers_of_errors_lead_near_the_mistake() -> None:
    _, problems = parse_document('{"a": {"b": [1, 2 3]}, "c": 1 "d": 2}', "x")
    assert [problem.spans[0].place.pointer for problem in problems] == ["/a/b/1", "/c"]
