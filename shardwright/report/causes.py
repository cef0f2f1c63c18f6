"""A conflict as a diagnostic: the lines of the policies that cause it, underlined."""

from __future__ import annotations

import re
from pathlib import Path

from shardwright.grammar.diagnostics import Diagnostic, Help, Span
from shardwright.grammar.places import Place, Source
from shardwright.report.words import listing, quoted, safe
from shardwright.solver.result import Cause, Conflict

# A JSON scalar; of an object or a list only the opening bracket is underlined.
_VALUE = re.compile(r'"(?:[^"\\]|\\.)*"|[-+.\w]+|[\[{]')


def diagnostic(conflict: Conflict) -> Diagnostic:
    """E3001 where policies take part, E4101 where the built-in rules cannot hold on this cluster."""
    owners = sorted({cause.policy for cause in conflict.causes})
    names = listing(map(quoted, owners))
    by_policies = any(cause.file for cause in conflict.causes)
    rules = "policies" if by_policies else "built-in rules"
    together = f"{rules} cannot all hold" if len(owners) > 1 else f"{quoted(owners[0])} cannot hold"
    placed = [(cause, _place(cause)) for cause in conflict.causes]
    return Diagnostic(
        code="E3001" if by_policies else "E4101",
        message=f"{together}: {safe(conflict.summary) or names}",
        spans=tuple(
            Span(place, cause.text, index == 0) for index, (cause, place) in enumerate(placed) if place
        ),
        notes=(
            *(_note(cause) for cause, place in placed if not place),
            *map(safe, conflict.facts),
            *_minimal(conflict),
        ),
        helps=tuple(Help(safe(str(repair.get("text", "")))) for repair in conflict.repairs),
    )


def _minimal(conflict: Conflict) -> list[str]:
    if not conflict.minimal:
        return ["not proven minimal: fewer of these rules may be enough"]
    return ["minimal: drop any one of these rules and the others hold"] if len(conflict.causes) > 1 else []


def _note(cause: Cause) -> str:
    """A rule that has no line to show: built in, or its file is gone."""
    where = f" at {cause.file}:{cause.line}:{cause.column}" if cause.file else ""
    return safe(f"{quoted(cause.policy)}{where}: {cause.text or cause.pointer}")


def _place(cause: Cause) -> Place | None:
    """The value that a cause points at, read again from its file; None where it is not there any more."""
    if cause.file is None or cause.line is None or cause.column is None:
        return None
    try:
        source = Source(cause.file, Path(cause.file).read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError):
        return None
    start = _offset(source.text, cause.line, cause.column)
    found = _VALUE.match(source.text, start) if start is not None else None
    return Place(source, found.start(), found.end(), cause.pointer) if found else None


def _offset(text: str, line: int, column: int) -> int | None:
    lines = text.split("\n")
    if line > len(lines) or column > len(lines[line - 1]):
        return None
    return sum(len(above) + 1 for above in lines[: line - 1]) + column - 1
