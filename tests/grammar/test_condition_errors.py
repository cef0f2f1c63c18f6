"""Errors in conditions: their words, their help and the text that is underlined."""

# One line for each case, however long.
# ruff: noqa: E501

from __future__ import annotations

from typing import Any

import pytest

from tests.grammar.reading import condition_problems, help_of, underlined

INFIX = [
    # text, code, message, underlined, help
    ("1 < node.a < 5", "E0102", "comparisons cannot be chained: `1 < node.a <`", "<", "write `node.a > 1 and node.a < 5`"),
    ("node.a < node.b <= 5", "E0102", "comparisons cannot be chained: `node.a < node.b <=`", "<=", "write `node.a < node.b and node.b <= 5`"),
    ("80 > node.a", "E0103", "a comparison begins with an attribute, not with `80`", "80", "write `node.a < 80`"),
    ("'x'", "E0103", "a comparison begins with an attribute, not with `'x'`", "'x'", "begin with an attribute, such as `node.cpu_usage`"),
    ("node.a < 5 && node.b > 1", "E0104", "`&&` is not an operator here", "&&", "write `and`"),
    ("node.a < 5 || node.b > 1", "E0104", "`||` is not an operator here", "||", "write `or`"),
    ("node.a = 5", "E0104", "`=` is not an operator here", "=", "write `==`"),
    ("node.a <> 5", "E0104", "`<>` is not an operator here", "<>", "write `!=`"),
    ("!(node.a == 5)", "E0104", "`!` is not an operator here", "!", "write `not`"),
    ("node.a < 5 AND node.b < 5", "E0104", "`AND` is not an operator here", "AND", "write `and`"),
    ("NOT node.a exists", "E0104", "`NOT` is not an operator here", "NOT", "write `not`"),
    ("shard.tier == gold", "E0105", "the word `gold` means nothing here", "gold", "put a text in quotes: `'gold'`"),
    ("cpu_usage < 5", "E0105", "the word `cpu_usage` means nothing here", "cpu_usage", "an attribute has a subject: `node.cpu_usage` or `shard.cpu_usage`"),
    ("node.a exist", "E0105", "the word `exist` means nothing here", "exist", "did you mean `exists`?"),
    ("node . a < 5", "E0105", "the word `node` means nothing here", "node", "write `node.NAME`, without spaces"),
    ("shard.tier == 'gold", "E0106", "the text `'gold` cannot be read", "'gold", "close it with `'`"),
    (" ", "E0107", "an empty expression", " ", "leave out `conditions` to let it always hold"),
    ("(node.a < 5", "E0108", "this `(` is never closed", "(", "add `)`"),
    ("node.a in [1, 2", "E0108", "this `[` is never closed", "[", "add `]`"),
    ("node.a in (1, 2)", "E0101", "unexpected `(`", "(", "a list stands in `[` and `]`"),
    ("node.a", "E0101", "expected an operator after `node.a`, got the end", "", "compare it, such as `node.a == 'x'`, or write `node.a exists`"),
    ("node.a < 5 node.b", "E0101", "unexpected `node.b` after `5`", "node.b", ""),
    ("node.a < 5)", "E0101", "unexpected `)` after `5`", ")", ""),
    ("node.a < 5 and", "E0101", "unexpected end after `and`", "", ""),
    ("nod.a < 5", "E1060", "`nod.a` is not an attribute: unknown subject `nod`", "nod", "did you mean `node.a`?"),
    ("node.lables.x exists", "E1061", "`node` has no `lables`", "lables", "did you mean `node.labels.x`?"),
    ("time.huor < 5", "E1061", "`time` has no `huor`", "huor", "did you mean `time.hour`?"),
    ("node.load.cpu < 5", "E1061", "`node` has no `load`", "load", "`node` has `labels`, `metrics`, `capacity` and `safe`; a name with dots is written `node.labels['load.cpu']`"),
    ("node.a < 'x'", "E1051", "`lt` (`<`) needs a number or an attribute, got the text `x`", "'x'", "to compare texts use `eq` or `in`"),
    ("node.a >= true", "E1051", "`gte` (`>=`) needs a number or an attribute, got `true`", "true", "to compare texts use `eq` or `in`"),
    ("node.a == [1]", "E1051", "`eq` (`==`) needs one value, got a list", "[1]", "for a list of values use `in`"),
    ("node.a == null", "E1051", "`eq` (`==`) needs a value, got `null`", "null", "to ask whether it is there use `not_exists`"),
    ("node.a in 'x'", "E1051", "`in` needs a list, got the text `x`", "'x'", "write a list, or use `eq` (`==`) for one value"),
    ("node.a matches 5", "E1051", "`matches` needs a text, got the number `5`", "5", "put it in quotes"),
    ("node.a contains node.b", "E1051", "`contains` needs a text, got the attribute `node.b`", "node.b", "put it in quotes"),
    ("node.a between [1]", "E1051", "`between` needs two numbers, got a list", "[1]", "write `[low, high]`; both ends are included"),
    ("node.a between 'a' and 'b'", "E1051", "`between` needs two numbers, got a list", "'a' and 'b'", "write `[low, high]`; both ends are included"),
    ("node.a between [5, 1]", "E1052", "`between` has `5` above `1`", "[5, 1]", "did you mean `[1, 5]`?"),
    ("node.a in []", "E1053", "the list of `in` is empty", "[]", "name at least one value"),
    ("node.a not in []", "E1053", "the list of `not_in` is empty", "[]", "name at least one value"),
    ("percentile(node.a, 95) > 5", "E1090", "functions in conditions are not supported yet: `percentile`", "percentile", "compare one attribute with a value"),
    ("node.a < 1.2 * node.b", "E1090", "arithmetic in conditions is not supported yet: `*`", "*", "compare one attribute with a value"),
    ("node.a < 1e999", "E0012", "the number `1e999` is too large", "1e999", "write a number within range"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "code", "message", "marked", "way"), INFIX, ids=[row[0] for row in INFIX])
def test_an_infix_mistake(text: str, code: str, message: str, marked: str, way: str) -> None:
    (problem,) = condition_problems(text)
    assert (problem.code, problem.message) == (code, message)
    assert underlined(problem) == marked
    assert help_of(problem) == way
    assert problem.spans[0].place.pointer == "/expr"


def test_a_backslash_in_an_infix_text_stands_before_a_quote_only() -> None:
    (problem,) = condition_problems("shard.x == 'a\\d'")
    assert problem.code == "E0106"
    assert (
        help_of(problem) == "close it with `'`; a backslash stands only before a quote or another backslash"
    )


TREE: list[tuple[Any, str, str, str, str]] = [
    # The operators, first of all.
    ({"metric": "node.a", "operator": "ltt", "value": 5}, "E1050", "unknown operator `ltt`", '"ltt"', "did you mean `lt`?"),
    ({"metric": "node.a", "operator": "=", "value": 5}, "E1050", "unknown operator `=`", '"="', "did you mean `eq`?"),
    ({"metric": "node.a", "operator": "nin", "value": [5]}, "E1050", "unknown operator `nin`", '"nin"', "did you mean `not_in`?"),
    ({"metric": "node.a", "operator": "containz", "value": "x"}, "E1050", "unknown operator `containz`", '"containz"', "did you mean `contains`?"),
    ({"metric": "node.a", "operator": "exists", "value": True}, "E1054", "`exists` takes no value, got `true`", "true", "leave out `value`; the opposite is `not_exists`"),
    ({"metric": "node.a", "operator": "lt"}, "E1051", "`lt` (`<`) needs a number or an attribute, got no value", '{"metric": "node.a", "operator": "lt"}', "add a `value`"),
    ({"metric": "node.a", "operator": "in", "value": [None]}, "E1051", "a list cannot hold `null`", "null", "leave it out, or add `not_exists`"),
    ({"metric": "node.a", "operator": "in", "value": [[1]]}, "E1051", "a list holds texts, numbers, `true` and `false`", "[1]", "write the values themselves"),
    ({"metric": "node.a", "operatr": "lt", "value": 5}, "E1058", "unknown key `operatr` in a condition", '"operatr"', "did you mean `operator`?"),
    ({"metric": "node.a", "operator": "lt", "value": 5, "weight": 1}, "E1058", "unknown key `weight` in a condition", '"weight"', "a comparison has `metric`, `operator` and `value`"),
    ({"al": []}, "E1058", "unknown key `al` in a condition", '"al"', "a comparison has `metric`, `operator` and `value`"),
    ({"alll": []}, "E1058", "unknown key `alll` in a condition", '"alll"', "did you mean `all`?"),
    ({"operator": "exists"}, "E1059", "`metric` missing in this condition", '{"operator": "exists"}', 'write `{"metric": "node.cpu_usage", "operator": "lt", "value": 80}`'),
    ({"metric": 5, "operator": "exists"}, "E1062", "`metric` needs a text", "5", 'write a text such as `"node.cpu_usage"`'),
    ({"metric": "nodes.a", "operator": "exists"}, "E1060", "`nodes.a` is not an attribute: unknown subject `nodes`", "nodes", "did you mean `node.a`?"),
    ({"metric": "shard.labels", "operator": "exists"}, "E1062", "`shard.labels` is not an attribute: a name is missing", "shard.labels", "write `shard.labels.NAME`"),
    ({"all": []}, "E1056", "the list of `all` is empty", "[]", "add a condition, or leave it out"),
    ({"any": {}}, "E1055", "`any` needs a list of conditions", "{}", "put the conditions in `[` and `]`"),
    ([], "E1055", "a condition is an object", "[]", 'write `{"all": [...]}`, or `any`'),
    ({"not": "node.a exists"}, "E1055", "a condition is an object", '"node.a exists"', 'write `{"expr": "..."}` for infix text'),
    ({"expr": 5}, "E1055", "`expr` needs a text", "5", ""),
    ({"any": [{"expr": "node.a exists"}], "x": 1}, "E1057", "`x` cannot stand beside `any`", '"x"', "put both into the list of an `all`"),
    ({"function": "percentile", "args": ["node.a", 95], "operator": "gt", "value": 7}, "E1090", "functions in conditions are not supported yet: `percentile`", '"percentile"', "compare one attribute with a value"),
    ({"metric": "node.a", "operator": "lt", "value": {"expr": "1.2 * 5"}}, "E1090", "computed values are not supported yet: `expr`", '{"expr": "1.2 * 5"}', 'write a plain value, or `{"metric": "shard.home"}`'),
    ({"metric": "node.a", "operator": "lt", "value": {"x": 5}}, "E1051", "`value` cannot be this object", '{"x": 5}', 'an attribute is written `{"metric": "shard.home"}`'),
]  # fmt: skip


@pytest.mark.parametrize(("value", "code", "message", "marked", "way"), TREE, ids=[row[2] for row in TREE])
def test_a_mistake_in_the_tree(value: Any, code: str, message: str, marked: str, way: str) -> None:
    (problem,) = condition_problems(value)
    assert (problem.code, problem.message) == (code, message)
    assert underlined(problem) == marked
    assert help_of(problem) == way


def test_all_mistakes_of_a_condition_are_told() -> None:
    value = {"all": [{"metric": "nod.a", "operator": "ltt", "value": 1}, {"expr": "node.a <"}, {"any": []}]}
    assert [problem.code for problem in condition_problems(value)] == ["E1060", "E1050", "E0101", "E1056"]


def test_every_function_call_of_an_expression_is_told() -> None:
    problems = condition_problems("mean(node.a) > 1 and rate(node.b) < 2")
    assert [underlined(problem) for problem in problems] == ["mean", "rate"]
