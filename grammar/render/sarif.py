"""SARIF 2.1.0, which code scanning services read."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import PurePosixPath
from urllib.parse import quote

from shardwright.grammar.codes import title
from shardwright.grammar.diagnostics import Diagnostic, Span

SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
# A column counts characters here, not UTF-16 units.
COLUMNS = "unicodeCodePoints"

Json = dict[str, object]


def sarif(diagnostics: Sequence[Diagnostic]) -> str:
    """A log with one run."""
    return json.dumps(as_sarif(diagnostics), indent=2) + "\n"


def as_sarif(diagnostics: Sequence[Diagnostic]) -> Json:
    codes = sorted({diagnostic.code for diagnostic in diagnostics})
    driver: Json = {"name": "shardwright", "rules": [_rule(code) for code in codes]}
    results = [_result(diagnostic, codes.index(diagnostic.code)) for diagnostic in diagnostics]
    run: Json = {"tool": {"driver": driver}, "columnKind": COLUMNS, "results": results}
    return {"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}


def _rule(code: str) -> Json:
    return {
        "id": code,
        "shortDescription": {"text": title(code)},
        "help": {"text": f"shardwright explain {code}"},
        "defaultConfiguration": {"level": "warning" if code.startswith("W") else "error"},
    }


def _result(diagnostic: Diagnostic, index: int) -> Json:
    result: Json = {
        "ruleId": diagnostic.code,
        "ruleIndex": index,
        "level": diagnostic.severity,
        "message": {"text": _text(diagnostic)},
        "locations": [_location(span) for span in diagnostic.spans if span.primary][:1],
    }
    related = [span for span in diagnostic.spans if not span.primary] + _further(diagnostic)
    if related:
        result["relatedLocations"] = [_location(span, label=True) for span in related]
    if diagnostic.policy:
        result["properties"] = {"policy": diagnostic.policy, "version": diagnostic.version}
    return result


def _further(diagnostic: Diagnostic) -> list[Span]:
    return [span for span in diagnostic.spans if span.primary][1:]


def _text(diagnostic: Diagnostic) -> str:
    notes = [f"note: {note}" for note in diagnostic.notes]
    helps = [f"help: {way.text}" for way in diagnostic.helps]
    return "\n".join([diagnostic.message, *notes, *helps])


def _location(span: Span, label: bool = False) -> Json:
    place = span.place
    physical: Json = {"artifactLocation": {"uri": file_uri(place.file)}}
    if place.source.text:
        physical["region"] = {
            "startLine": place.line,
            "startColumn": place.column,
            "endLine": place.end_line,
            "endColumn": place.end_column,
        }
    location: Json = {"physicalLocation": physical}
    if place.pointer:
        location["logicalLocations"] = [{"fullyQualifiedName": place.pointer}]
    if label and span.label:
        location["message"] = {"text": span.label}
    return location


def file_uri(name: str) -> str:
    """A file name as a URI reference; an absolute path gets its scheme."""
    path = quote(name.replace("\\", "/"), safe="/", errors="surrogateescape")
    return f"file://{path}" if PurePosixPath(name).is_absolute() else path
