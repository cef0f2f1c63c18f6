"""A rule as an action states it, before it gets its number and its level."""

from __future__ import annotations

from dataclasses import dataclass

from shardwright.grammar.rules import Kind
from shardwright.grammar.syntax import Condition


@dataclass(frozen=True, slots=True)
class Stated:
    pointer: str
    kind: Kind


@dataclass(frozen=True, slots=True)
class NodeTest:
    """A root conjunct that mentions the node, with the pointer that names it as a rule."""

    pointer: str
    condition: Condition
