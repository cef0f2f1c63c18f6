"""Conditions back to text: parsing what these functions print gives an equal condition."""

from __future__ import annotations

import json

from shardwright.grammar.attributes import print_attribute, quote
from shardwright.grammar.syntax import (
    SYMBOLS,
    All,
    AnyOf,
    Attribute,
    Comparison,
    Condition,
    NoneOf,
    Not,
    Scalar,
)
from shardwright.grammar.tree import Plain

WORDS = {All: "all", AnyOf: "any", NoneOf: "none"}
JOINTS = {All: " and ", AnyOf: " or "}


def infix_text(condition: Condition) -> str:
    """A condition as infix text: `node.cpu_usage < 80 and shard.tier in ['gold']`."""
    match condition:
        case Comparison():
            return _comparison(condition)
        case Not(item=item):
            return f"not {_part(item)}"
        case All(items=items) | AnyOf(items=items) if len(items) > 1:
            return JOINTS[type(condition)].join(_part(item) for item in items)
        case All(items=items) | AnyOf(items=items) | NoneOf(items=items):
            return f"{WORDS[type(condition)]}({', '.join(infix_text(item) for item in items)})"


def tree_json(condition: Condition) -> dict[str, Plain]:
    """A condition as JSON data: `{"metric": "node.cpu_usage", "operator": "lt", "value": 80}`."""
    match condition:
        case Comparison():
            return _comparison_json(condition)
        case Not(item=item):
            return {"not": tree_json(item)}
        case All(items=items) | AnyOf(items=items) | NoneOf(items=items):
            return {WORDS[type(condition)]: [tree_json(item) for item in items]}


def _part(condition: Condition) -> str:
    """An operand of `and`, `or` or `not`: parentheses keep combinations as they are nested."""
    text = infix_text(condition)
    return f"({text})" if isinstance(condition, (All, AnyOf)) and len(condition.items) > 1 else text


def _comparison(leaf: Comparison) -> str:
    words = [print_attribute(leaf.attribute), SYMBOLS[leaf.operator]]
    return " ".join(words if leaf.value is None else [*words, _value(leaf.value)])


def _value(value: Scalar | tuple[Scalar, ...] | Attribute) -> str:
    if isinstance(value, Attribute):
        return print_attribute(value)
    if isinstance(value, tuple):
        return f"[{', '.join(_value(item) for item in value)}]"
    return quote(value) if isinstance(value, str) else json.dumps(value)


def _comparison_json(leaf: Comparison) -> dict[str, Plain]:
    plain: dict[str, Plain] = {"metric": print_attribute(leaf.attribute), "operator": leaf.operator}
    if isinstance(leaf.value, Attribute):
        plain["value"] = {"metric": print_attribute(leaf.value)}
    elif isinstance(leaf.value, tuple):
        plain["value"] = list(leaf.value)
    elif leaf.value is not None:
        plain["value"] = leaf.value
    return plain
