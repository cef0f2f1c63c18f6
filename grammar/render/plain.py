"""One line for each diagnostic, as compilers and editors know it."""

from __future__ import annotations

from collections.abc import Sequence

from shardwright.grammar.diagnostics import Diagnostic, primary_place
from shardwright.grammar.wording import visible


def plain(diagnostics: Sequence[Diagnostic]) -> str:
    """`file:line:column: error[E1001] message`."""
    return "".join(f"{_line(diagnostic)}\n" for diagnostic in diagnostics)


def _line(diagnostic: Diagnostic) -> str:
    place = primary_place(diagnostic)
    where = f"{visible(place.file)}:{place.line}:{place.column}: " if place else ""
    return f"{where}{diagnostic.severity}[{diagnostic.code}] {visible(diagnostic.message)}"
