"""Selectors become tests of labels, all of which must hold."""

# One line for each case, however long.
# ruff: noqa: E501

from __future__ import annotations

from typing import Any

import pytest

from tests.grammar.reading import help_of, selector_of, underlined


@pytest.mark.parametrize(
    ("value", "tests"),
    [
        ({}, []),
        ({"tier": "gold"}, [("tier", "eq", "gold")]),
        ({"tier": 3}, [("tier", "eq", 3)]),
        ({"tier": True}, [("tier", "eq", True)]),
        ({"tier": ["gold", 3]}, [("tier", "in", ("gold", 3))]),
        ({"tier": {"in": ["gold"]}}, [("tier", "in", ("gold",))]),
        ({"tier": {"not_in": ["gold"]}}, [("tier", "not_in", ("gold",))]),
        ({"tier": {"eq": "gold"}}, [("tier", "eq", "gold")]),
        ({"tier": {"neq": "gold"}}, [("tier", "neq", "gold")]),
        ({"tier": {"exists": True}}, [("tier", "exists", None)]),
        ({"tier": {"exists": False}}, [("tier", "not_exists", None)]),
        ({"tier": {"not_exists": True}}, [("tier", "not_exists", None)]),
        ({"tier": {"not_exists": False}}, [("tier", "exists", None)]),
        ({"tier": {"matches": "g*"}}, [("tier", "matches", "g*")]),
        ({"tier": {"contains": "o"}}, [("tier", "contains", "o")]),
        (
            {"a": 1, "b": {"matches": "x*", "neq": "xy"}},
            [("a", "eq", 1), ("b", "matches", "x*"), ("b", "neq", "xy")],
        ),
        ({"topology/zone a": "x"}, [("topology/zone a", "eq", "x")]),
    ],
)
def test_a_selector_means_these_tests(value: Any, tests: list[tuple[str, str, Any]]) -> None:
    selector, problems = selector_of(value)
    assert problems == []
    assert [(test.key, test.operator, test.value) for test in selector] == tests


@pytest.mark.parametrize(
    ("value", "code", "message", "marked", "way"),
    [
        ("gold", "E1070", "a selector is an object", '"gold"', 'write `{"tier": "gold"}`'),
        ({"t": {}}, "E1070", "the test of label `t` is empty", "{}", 'write `{"exists": true}`, or leave out `t`'),
        ({"t": {"inn": [1]}}, "E1071", "unknown operator `inn` in a selector", '"inn"', "did you mean `in`?"),
        ({"t": {"exists": 1}}, "E1072", "`exists` needs `true` or `false`", "1", 'write `{"exists": true}`'),
        ({"t": []}, "E1053", "the list of `in` is empty", "[]", "name at least one value"),
        ({"t": {"in": "x"}}, "E1051", "`in` needs a list, got the text `x`", '"x"', "write a list, or use `eq` (`==`) for one value"),
        ({"t": {"matches": 1}}, "E1051", "`matches` needs a text, got the number `1`", "1", "put it in quotes"),
        ({"t": [[1]]}, "E1072", "a list of label values holds texts and numbers", "[1]", "write the values themselves"),
        ({"t": None}, "E1051", "`eq` (`==`) needs a value, got `null`", "null", "to ask whether it is there use `not_exists`"),
    ],
)  # fmt: skip
def test_a_mistake_in_a_selector(value: Any, code: str, message: str, marked: str, way: str) -> None:
    selector, (problem,) = selector_of(value)
    assert selector == ()
    assert (problem.code, problem.message) == (code, message)
    assert underlined(problem) == marked
    assert help_of(problem) == way


def test_a_test_has_the_place_of_its_value() -> None:
    selector, _ = selector_of({"a": "x", "b": {"in": ["y"]}})
    assert [test.place.pointer for test in selector] == ["/a", "/b/in"]
