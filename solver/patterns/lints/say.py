"""Short ways to make a remark."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from shardwright.grammar.diagnostics import Diagnostic, Help, Severity, Span
from shardwright.grammar.places import Place
from shardwright.policies.policy import Policy

MOST_NAMED = 5

At = tuple[Policy, str, str]  # a policy, a pointer in it, and the words that stand below it


def remark(
    code: str,
    severity: Severity,
    message: str,
    at: Sequence[At],
    *,
    notes: Sequence[str] = (),
    helps: Sequence[str] = (),
    data: dict[str, Any] | None = None,
) -> Diagnostic:
    """A remark with the places that it is about, the first of them the primary one."""
    spans = tuple(
        Span(beginning(where[0], where[1]), where[2], number == 0) for number, where in enumerate(at)
    )
    policies = sorted({policy.name for policy, _, _ in at})
    return Diagnostic(
        code,
        message,
        spans,
        severity,
        at[0][0].name,
        None,
        tuple(notes),
        tuple(Help(text) for text in helps),
        {"policies": policies, **(data or {})},
    )


def beginning(policy: Policy, pointer: str) -> Place:
    """The value itself; of an object or a list only its beginning, which fits a line."""
    place = policy.place(pointer)
    text = place.source.text[place.start : place.start + 1]
    return Place(place.source, place.start, place.start + 1, place.pointer) if text in ("{", "[") else place


def names(given: Sequence[str]) -> str:
    """`a`, `b` and 12 more."""
    shown = [f"`{name}`" for name in given[:MOST_NAMED]]
    if len(given) > MOST_NAMED:
        return f"{', '.join(shown)} and {len(given) - MOST_NAMED} more"
    return shown[0] if len(shown) == 1 else f"{', '.join(shown[:-1])} and {shown[-1]}"
