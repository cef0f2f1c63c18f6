"""`null` only takes away an inherited key; anywhere else it would be a value that no key has."""

from __future__ import annotations

from collections.abc import Iterator

from shardwright.grammar.diagnostics import Diagnostic
from shardwright.grammar.tree import Array, Leaf, Member, Node, Object
from shardwright.policies.checks.say import problem


def stray_nulls(tree: Object, policy: str | None) -> list[Diagnostic]:
    """One error for each null outside conditions (those are the grammar's to judge)."""
    return [
        _stray(member, policy)
        for top in tree.members
        if top.key != "conditions"
        for member in _null_members(top)
    ]


def _null_members(member: Member) -> Iterator[Member]:
    value: Node = member.value
    if isinstance(value, Leaf):
        if value.value is None:
            yield member
    elif isinstance(value, Object):
        for below in value.members:
            yield from _null_members(below)
    elif isinstance(value, Array):
        for item in value.items:
            if isinstance(item, Object):
                for below in item.members:
                    yield from _null_members(below)


def _stray(member: Member, policy: str | None) -> Diagnostic:
    message = f"`{member.key}`: expected a value, got null"
    helps = ["leave the key out; null takes away a key that the extended policy gives"]
    return problem("E1103", message, member.value.place, "no value", policy=policy, helps=helps)
