"""The parsed selectors of a policy, and what they match."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from fnmatch import translate
from functools import cache

from shardwright.grammar.selectors import LabelTest, Selector, parse_selector
from shardwright.grammar.syntax import Scalar
from shardwright.grammar.tree import Node, Object, pointer_tokens
from shardwright.policies.models import CONSTRAINT_KEYS
from shardwright.policies.policy import Policy

CONSTRAINTS = ["actions", "placement", "constraints"]


def selector_at(policy: Policy, pointer: str) -> Selector:
    """The parsed selector at a JSON pointer of a (valid) policy; empty if there is none.

    A single label constraint (`/actions/placement/constraints/region`) is a selector of one key, and
    so is `/actions/placement/constraints/node` (key `node`).
    """
    node = selector_node(policy.tree, pointer)
    return parse_selector(node)[0] if node is not None else ()


def selector_node(tree: Node, pointer: str) -> Object | None:
    """The object that holds the selector at a pointer, made up where the text has only its value."""
    tokens = pointer_tokens(pointer)
    above = tree
    for token in tokens[:-1]:
        below = above.child(token)
        if below is None:
            return None
        above = below
    if (tokens[:-1] == CONSTRAINTS and tokens[-1] not in CONSTRAINT_KEYS) or tokens == [*CONSTRAINTS, "node"]:
        member = above.member(tokens[-1]) if isinstance(above, Object) else None
        return Object(member.value.place, (member,)) if member else None
    node = above.child(tokens[-1]) if tokens else above
    return node if isinstance(node, Object) else None


def matches(selector: Selector, labels: Mapping[str, str]) -> bool:
    """Do labels pass every test of a selector? See docs/semantics.md for labels that are missing."""
    return all(_passes(test, labels.get(test.key)) for test in selector)


def _passes(test: LabelTest, label: str | None) -> bool:
    negative = NEGATIONS.get(test.operator)
    if negative is not None:
        return not _holds(negative, test.value, label)
    return _holds(test.operator, test.value, label)


# What is true of a missing label, because it is the negation of what is false.
NEGATIONS = {"neq": "eq", "not_in": "in", "not_exists": "exists"}


def _holds(operator: str, value: Scalar | tuple[Scalar, ...] | None, label: str | None) -> bool:
    if label is None or operator == "exists":
        return label is not None
    if isinstance(value, tuple):
        return any(_equal(label, item) for item in value)
    if operator == "eq":
        return value is not None and _equal(label, value)
    if operator == "contains":
        return str(value) in label
    return _glob(str(value)).fullmatch(label) is not None


def _equal(label: str, value: Scalar) -> bool:
    if isinstance(value, bool):
        return label == str(value).lower()
    if isinstance(value, str):
        return label == value
    try:
        return Decimal(label) == Decimal(str(value))
    except InvalidOperation:
        return False


@cache
def _glob(pattern: str) -> re.Pattern[str]:
    return re.compile(translate(pattern))
