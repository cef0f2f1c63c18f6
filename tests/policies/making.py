"""Policies for tests, and the words that checking them gives."""

from __future__ import annotations

import json
from typing import Any

from shardwright.grammar.diagnostics import Diagnostic, Span
from shardwright.policies.load import load_text, load_texts
from shardwright.policies.policy import PolicySet
from shardwright.policies.read import Text


def policy(**changes: Any) -> dict[str, Any]:
    """A placement policy without any fault; `changes` replace keys, None takes one away."""
    base: dict[str, Any] = {
        "version": "1.0",
        "name": "p",
        "description": "for a test",
        "type": "placement",
        "priority": 1,
        "actions": {"placement": {"strategy": "least_loaded"}},
    }
    return {key: value for key, value in {**base, **changes}.items() if value is not None}


def placement(**constraints: Any) -> dict[str, Any]:
    """Actions with these placement constraints."""
    return {"placement": {"constraints": constraints}}


def of_type(kind: str, action: dict[str, Any], **changes: Any) -> dict[str, Any]:
    """A policy of another type, with its action object."""
    return policy(type=kind, actions={kind: action}, **changes)


def load(*documents: Any) -> tuple[PolicySet, list[Diagnostic]]:
    """Each document is a file of its own: 0.json, 1.json, ..."""
    return load_texts([Text(f"{index}.json", json.dumps(item)) for index, item in enumerate(documents)])


def problems(*documents: Any) -> list[Diagnostic]:
    return load(*documents)[1]


def only(*documents: Any) -> Diagnostic:
    """The one diagnostic that the documents give."""
    found = problems(*documents)
    assert len(found) == 1, [f"{item.code} {item.message}" for item in found]
    return found[0]


def one_policy(document: Any) -> Any:
    """The policy of a document that has no errors."""
    policies, found = load_text(json.dumps(document))
    assert not [item.message for item in found if item.severity == "error"]
    return policies.policies[0]


def codes(*documents: Any) -> list[str]:
    return [item.code for item in problems(*documents)]


def underlined(diagnostic: Diagnostic, index: int = 0) -> str:
    """The exact text below which a diagnostic draws its line."""
    return text_of(diagnostic.spans[index])


def text_of(span: Span) -> str:
    return span.place.source.text[span.place.start : span.place.end]


def helps(diagnostic: Diagnostic) -> list[str]:
    return [item.text for item in diagnostic.helps]
