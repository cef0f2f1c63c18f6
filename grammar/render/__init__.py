"""Diagnostics as text: for people, for scripts, and for what reads SARIF, JUnit or GitHub commands."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from shardwright.grammar.diagnostics import Diagnostic, sort_diagnostics
from shardwright.grammar.render.github import github
from shardwright.grammar.render.human import human
from shardwright.grammar.render.json import as_json, json
from shardwright.grammar.render.junit import junit
from shardwright.grammar.render.plain import plain
from shardwright.grammar.render.sarif import as_sarif, sarif

FORMATS: dict[str, Callable[[Sequence[Diagnostic]], str]] = {
    "human": human,
    "plain": plain,
    "json": json,
    "sarif": sarif,
    "junit": junit,
    "github": github,
}


def render(
    diagnostics: Iterable[Diagnostic], format: str, colour: bool = False, width: int | None = None
) -> str:
    """All diagnostics, sorted, in one of FORMATS. Without any, human, plain and github are an empty text.

    The same diagnostics give the same bytes in whatever order they come. Only `human` knows colour and width.
    """
    ordered = sort_diagnostics(diagnostics)
    return human(ordered, colour, width) if format == "human" else FORMATS[format](ordered)


__all__ = [
    "FORMATS",
    "as_json",
    "as_sarif",
    "github",
    "human",
    "json",
    "junit",
    "plain",
    "render",
    "sarif",
    "sort_diagnostics",
]
