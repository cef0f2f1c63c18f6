"""Comparisons of two values, missing ones included."""

from __future__ import annotations

import re
from fnmatch import fnmatchcase
from fractions import Fraction
from typing import Any

Value = Fraction | str | bool | None
NUMBER = re.compile(r"-?\d+(\.\d+)?([eE][+-]?\d+)?")


def value_of(plain: Any) -> Value:
    """A JSON scalar as a value."""
    if plain is None or isinstance(plain, bool | str):
        return plain
    return Fraction(str(plain))


def compare(left: Value, operator: str, right: Any) -> bool:
    """`right` is a value, a list of values (in, not_in, between) or None (exists, not_exists)."""
    match operator:
        case "exists":
            return left is not None
        case "eq":
            return equal(left, right)
        case "in":
            return any(equal(left, item) for item in right)
        case "not_exists" | "neq" | "not_in":
            return not compare(left, {"not_exists": "exists", "neq": "eq", "not_in": "in"}[operator], right)
        case "between":
            return ordered(right[0], left, strictly=False) and ordered(left, right[1], strictly=False)
        case "contains" | "matches":
            return isinstance(left, str) and isinstance(right, str) and text_holds(left, operator, right)
        case "lt" | "lte":
            return ordered(left, right, strictly=operator == "lt")
        case "gt" | "gte":
            return ordered(right, left, strictly=operator == "gt")
    raise ValueError(operator)


def text_holds(text: str, operator: str, pattern: str) -> bool:
    return pattern in text if operator == "contains" else fnmatchcase(text, pattern)


def equal(left: Value, right: Value) -> bool:
    if isinstance(left, bool) or isinstance(right, bool):
        return as_text(left) is not None and as_text(left) == as_text(right)
    pair = alike(left, right)
    return pair is not None and pair[0] == pair[1]


def as_text(value: Value) -> str | None:
    """`true` and `false` as texts, for comparing with a label; a number has no such text."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return value if isinstance(value, str) else None


def ordered(low: Value, high: Value, *, strictly: bool) -> bool:
    pair = alike(low, high)
    if pair is None or isinstance(low, bool) or isinstance(high, bool):
        return False
    return pair[0] < pair[1] or (not strictly and pair[0] == pair[1])


def alike(left: Value, right: Value) -> tuple[Any, Any] | None:
    """Both as numbers if one is a number, both as texts if both are; None where that cannot be."""
    if left is None or right is None:
        return None
    if isinstance(left, str) and isinstance(right, str):
        return left, right
    numbers = as_number(left), as_number(right)
    return None if None in numbers else numbers


def as_number(value: Value) -> Fraction | None:
    if isinstance(value, str):
        return Fraction(value) if NUMBER.fullmatch(value) else None
    return value
