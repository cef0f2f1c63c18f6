"""Short ways to read texts in the tests of the grammar."""

from __future__ import annotations

import json

from shardwright.grammar.conditions import parse_condition
from shardwright.grammar.diagnostics import Diagnostic
from shardwright.grammar.parser import parse_document
from shardwright.grammar.selectors import Selector, parse_selector
from shardwright.grammar.syntax import Condition
from shardwright.grammar.tree import Node


def node_of(value: object) -> Node:
    """Data as a Node, by way of its text."""
    node, problems = parse_document(json.dumps(value, ensure_ascii=False), "test.json")
    assert node is not None
    assert problems == []
    return node


def condition_of(value: object) -> Condition:
    """The condition that data spells; a text is infix."""
    condition, problems = parse_condition(node_of({"expr": value} if isinstance(value, str) else value))
    assert problems == []
    assert condition is not None
    return condition


def condition_problems(value: object) -> list[Diagnostic]:
    """What is wrong with a condition, at least one thing."""
    condition, problems = parse_condition(node_of({"expr": value} if isinstance(value, str) else value))
    assert condition is None
    assert problems
    return problems


def selector_of(value: object) -> tuple[Selector, list[Diagnostic]]:
    return parse_selector(node_of(value))


def underlined(diagnostic: Diagnostic, span: int = 0) -> str:
    """The text below which the marks stand."""
    place = diagnostic.spans[span].place
    return place.source.text[place.start : place.end]


def help_of(diagnostic: Diagnostic) -> str:
    return "; ".join(way.text for way in diagnostic.helps)
