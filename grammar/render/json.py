"""Diagnostics for scripts."""

from __future__ import annotations

import json as text
from collections.abc import Sequence

from shardwright.grammar.diagnostics import Diagnostic, Span


def json(diagnostics: Sequence[Diagnostic]) -> str:
    """One JSON document in plain ASCII, which any stream can carry."""
    return text.dumps(as_json(diagnostics), indent=2) + "\n"


def as_json(diagnostics: Sequence[Diagnostic]) -> dict[str, list[dict[str, object]]]:
    """`{"diagnostics": [...]}` with the fields of the contract, as plain data."""
    return {"diagnostics": [_diagnostic(diagnostic) for diagnostic in diagnostics]}


def _diagnostic(diagnostic: Diagnostic) -> dict[str, object]:
    return {
        "code": diagnostic.code,
        "severity": diagnostic.severity,
        "message": diagnostic.message,
        "policy": diagnostic.policy,
        "version": diagnostic.version,
        "spans": [_span(span) for span in diagnostic.spans],
        "notes": list(diagnostic.notes),
        "helps": [{"text": way.text, "patch": list(way.patch)} for way in diagnostic.helps],
        "docs": diagnostic.docs,
        "data": diagnostic.data,
    }


def _span(span: Span) -> dict[str, object]:
    place = span.place
    return {
        "file": place.file,
        "pointer": place.pointer,
        "line": place.line,
        "column": place.column,
        "end_line": place.end_line,
        "end_column": place.end_column,
        "primary": span.primary,
        "label": span.label,
    }
