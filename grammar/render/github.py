"""GitHub workflow commands: diagnostics as annotations of a pull request."""

from __future__ import annotations

from collections.abc import Sequence

from shardwright.grammar.diagnostics import Diagnostic, primary_place
from shardwright.grammar.wording import visible

COMMANDS = {"error": "error", "warning": "warning", "note": "notice"}


def github(diagnostics: Sequence[Diagnostic]) -> str:
    """One command on a line each."""
    return "".join(f"{_command(diagnostic)}\n" for diagnostic in diagnostics)


def _command(diagnostic: Diagnostic) -> str:
    properties = ",".join(f"{key}={_property(value)}" for key, value in _properties(diagnostic).items())
    return f"::{COMMANDS[diagnostic.severity]} {properties}::{_data(_text(diagnostic))}"


def _properties(diagnostic: Diagnostic) -> dict[str, object]:
    place = primary_place(diagnostic)
    where: dict[str, object] = {}
    if place:
        where = {"file": visible(place.file), "line": place.line, "endLine": place.end_line}
        # GitHub takes columns only within one line.
        if place.line == place.end_line:
            where |= {"col": place.column, "endColumn": place.end_column}
    return where | {"title": diagnostic.code}


def _text(diagnostic: Diagnostic) -> str:
    notes = [f"note: {note}" for note in diagnostic.notes]
    helps = [f"help: {way.text}" for way in diagnostic.helps]
    lines = "\n".join([diagnostic.message, *notes, *helps]).split("\n")
    return "\n".join(visible(line) for line in lines)


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(value: object) -> str:
    return _data(str(value)).replace(":", "%3A").replace(",", "%2C")
