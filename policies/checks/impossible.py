"""Conditions that cannot hold together, as far as two comparisons show it."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal, InvalidOperation
from itertools import combinations

from shardwright.grammar.diagnostics import Diagnostic
from shardwright.grammar.respell import infix_text
from shardwright.grammar.syntax import (
    All,
    Attribute,
    Comparison,
    Condition,
    Not,
    Scalar,
    conjuncts,
)
from shardwright.policies.checks.say import warning
from shardwright.policies.policy import Policy

Value = Decimal | str
Interval = tuple[Decimal, bool, Decimal, bool]  # from, is it included; to, is it included

MOST_PAIRED = 64  # comparisons of one attribute; who writes more has no slip of the pen
NEGATIVE = ("neq", "not_in", "not_exists")
INFINITE = Decimal("Infinity")


def impossible_conditions(policy: Policy) -> list[Diagnostic]:
    """A warning for each pair of comparisons in one `all` of which at most one can be true."""
    if policy.condition is None:
        return []
    return [_impossible(first, second) for first, second in _contradictions(policy.condition)]


def _contradictions(condition: Condition) -> Iterator[tuple[Comparison, Comparison]]:
    for group in _conjunctions(condition):
        by_attribute: dict[Attribute, list[Comparison]] = {}
        for part in group:
            if isinstance(part, Comparison):
                by_attribute.setdefault(part.attribute, []).append(part)
        for same in by_attribute.values():
            yield from (pair for pair in combinations(same[:MOST_PAIRED], 2) if exclude(*pair))


def _conjunctions(condition: Condition) -> Iterator[tuple[Condition, ...]]:
    """Every group of conditions that must all hold, nested `all` flattened."""
    if isinstance(condition, Comparison):
        return
    if isinstance(condition, All):
        parts = conjuncts(condition)
        yield parts
    else:
        parts = (condition.item,) if isinstance(condition, Not) else condition.items
    for part in parts:
        yield from _conjunctions(part)


def exclude(first: Comparison, second: Comparison) -> bool:
    """Can at most one of two comparisons of the same attribute be true? False where it is not obvious."""
    operators = {first.operator, second.operator}
    if "not_exists" in operators:
        return any(operator not in NEGATIVE for operator in operators)
    ranges = _interval(first), _interval(second)
    if ranges[0] and ranges[1]:
        return _apart(ranges[0], ranges[1])
    return _set_excludes(first, second) or _set_excludes(second, first)


def _set_excludes(first: Comparison, second: Comparison) -> bool:
    """Is every value that `first` lists refused by `second`?"""
    wanted = _values(first) if first.operator in ("eq", "in") else None
    return wanted is not None and all(_refuses(second, value) for value in wanted)


def _refuses(test: Comparison, value: Value) -> bool:
    values = _values(test)
    if values is not None:
        return (value in values) == (test.operator in NEGATIVE)
    interval = _interval(test)
    if interval is None:
        return False
    return isinstance(value, str) or _apart(interval, (value, True, value, True))


def _values(test: Comparison) -> frozenset[Value] | None:
    """The values that eq, in, neq and not_in list."""
    if test.operator not in ("eq", "in", "neq", "not_in") or isinstance(test.value, Attribute):
        return None
    listed = test.value if isinstance(test.value, tuple) else (test.value,)
    return frozenset(_value(item) for item in listed if item is not None)


def _interval(test: Comparison) -> Interval | None:
    if test.operator == "between" and isinstance(test.value, tuple) and len(test.value) == 2:
        low, high = (_value(item) for item in test.value)
        numeric = isinstance(low, Decimal) and isinstance(high, Decimal)
        return (low, True, high, True) if numeric else None  # type: ignore[return-value]
    if test.operator not in ("lt", "lte", "gt", "gte") or isinstance(test.value, Attribute | tuple | None):
        return None
    edge = _value(test.value)
    if isinstance(edge, str):
        return None
    included = test.operator in ("lte", "gte")
    below = test.operator in ("lt", "lte")
    return (-INFINITE, False, edge, included) if below else (edge, included, INFINITE, False)


def _apart(first: Interval, second: Interval) -> bool:
    # Of two equal edges the one that is not included is the narrower.
    low, low_is_out = max((first[0], not first[1]), (second[0], not second[1]))
    high, high_is_in = min((first[2], first[3]), (second[2], second[3]))
    return low > high or (low == high and (low_is_out or not high_is_in))


def _value(value: Scalar) -> Value:
    """A text that is a number is that number, and true is the text `true`: so labels are compared."""
    if isinstance(value, bool):
        return "true" if value else "false"
    try:
        number = Decimal(str(value))
    except InvalidOperation:
        return str(value)
    return number if number.is_finite() else str(value)


def _impossible(first: Comparison, second: Comparison) -> Diagnostic:
    message = f"`{infix_text(first)}` and `{infix_text(second)}` are never true together"
    other = (first.place, "excludes this")
    return warning("W2003", message, second.place, "never true beside the other", others=[other])
