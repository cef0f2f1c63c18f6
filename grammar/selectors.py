"""Selectors: what labels must be, `{"tier": ["gold", "silver"], "zone": {"exists": true}}`."""

from __future__ import annotations

from dataclasses import dataclass, field

from shardwright.grammar.comparisons import Operand, Report, comparison
from shardwright.grammar.diagnostics import Diagnostic
from shardwright.grammar.places import Place
from shardwright.grammar.spelling import did_you_mean
from shardwright.grammar.syntax import Attribute, Scalar
from shardwright.grammar.tree import Array, Leaf, Member, Node, Object
from shardwright.grammar.wording import listed, quoted

OPERATORS = ("eq", "neq", "in", "not_in", "exists", "not_exists", "matches", "contains")
PRESENCE = {"exists": "not_exists", "not_exists": "exists"}


@dataclass(frozen=True, slots=True)
class LabelTest:
    """`operator` is one of OPERATORS; `value` a scalar, a tuple (in, not_in) or None (presence)."""

    key: str
    operator: str
    value: Scalar | tuple[Scalar, ...] | None
    place: Place = field(compare=False, repr=False)


# All tests must hold; a selector without tests selects everything.
Selector = tuple[LabelTest, ...]


def parse_selector(node: Node) -> tuple[Selector, list[Diagnostic]]:
    """The tests of a selector in the order of the text; empty where there is an error."""
    report = Report()
    if not isinstance(node, Object):
        way = 'write `{"tier": "gold"}`'
        report.error("E1070", "a selector is an object", node.place, "expected an object", way)
        return (), report.problems
    tests = [test for member in node for test in _tests(member, report)]
    return (() if report.problems else tuple(tests)), report.problems


def parse_label(member: Member) -> tuple[Selector, list[Diagnostic]]:
    """The tests of one label: a member of a selector, or a label key of `constraints`."""
    report = Report()
    tests = _tests(member, report)
    return (() if report.problems else tuple(tests)), report.problems


def _tests(member: Member, report: Report) -> list[LabelTest]:
    value = member.value
    if isinstance(value, Object):
        return _operators(member.key, value, report)
    operator = "in" if isinstance(value, Array) else "eq"
    return _test(member.key, operator, value, value.place, report)


def _operators(key: str, node: Object, report: Report) -> list[LabelTest]:
    if not node.members:
        way = f'write `{{"exists": true}}`, or leave out {quoted(key)}'
        report.error(
            "E1070", f"the test of label {quoted(key)} is empty", node.place, "expected an operator", way
        )
    return [test for member in node for test in _operator(key, member, report)]


def _operator(key: str, member: Member, report: Report) -> list[LabelTest]:
    if member.key in PRESENCE:
        return _presence(key, member, report)
    if member.key in OPERATORS:
        return _test(key, member.key, member.value, member.value.place, report)
    near = did_you_mean(member.key, OPERATORS)
    way = f"did you mean `{near}`?" if near else f"one of {listed(OPERATORS)}"
    report.error(
        "E1071", f"unknown operator {quoted(member.key)} in a selector", member.key_place, "unknown", way
    )
    return []


def _presence(key: str, member: Member, report: Report) -> list[LabelTest]:
    value = member.value.plain()
    if not isinstance(value, bool):
        message = f"`{member.key}` needs `true` or `false`"
        report.error(
            "E1072", message, member.value.place, "expected `true`", f'write `{{"{member.key}": true}}`'
        )
        return []
    return [LabelTest(key, member.key if value else PRESENCE[member.key], None, member.value.place)]


def _test(key: str, operator: str, node: Node, place: Place, report: Report) -> list[LabelTest]:
    operand = _operand(node, report)
    if operand is None:
        return []
    # The same checks as in conditions; the label's subject plays no part in them.
    found = comparison(Attribute("shard", "labels", key), operator, operand, place, report)
    if found is None or isinstance(found.value, Attribute):
        return []
    return [LabelTest(key, operator, found.value, place)]


def _operand(node: Node, report: Report) -> Operand | None:
    if isinstance(node, Leaf):
        return Operand(node.value, node.place)
    if isinstance(node, Array):
        return _list(node, report)
    report.error(
        "E1072",
        "a label is compared with a text, a number or a list of them",
        node.place,
        "not a value",
        None,
    )
    return None


def _list(node: Array, report: Report) -> Operand | None:
    values = [item.value for item in node.items if isinstance(item, Leaf) and item.value is not None]
    wrong = [item for item in node.items if not isinstance(item, Leaf) or item.value is None]
    for item in wrong:
        way = "write the values themselves"
        report.error(
            "E1072", "a list of label values holds texts and numbers", item.place, "not a value", way
        )
    return None if wrong else Operand(tuple(values), node.place)
