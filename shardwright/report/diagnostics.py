"""Diagnostics that end a command, and those that stand inside an answer."""

from __future__ import annotations

import sys
from collections.abc import Sequence

from rich.text import Text

from shardwright.grammar.diagnostics import Diagnostic
from shardwright.grammar.render import FORMATS, human, render
from shardwright.report.console import console, page_width

FOR_PEOPLE = ("human", "plain")


def show(diagnostics: Sequence[Diagnostic], format: str) -> None:
    """On stderr for people; on stdout, as the command's answer, in the formats of scripts."""
    if format in FORMATS and format not in FOR_PEOPLE:
        sys.stdout.write(render(diagnostics, format))
        sys.stdout.flush()
        return
    colour = console(sys.stderr).color_system is not None and sys.stderr.isatty()
    width = console(sys.stderr).width if sys.stderr.isatty() else None
    sys.stderr.write(render(diagnostics, format if format == "plain" else "human", colour, width))


def rendered(diagnostic: Diagnostic) -> Text:
    """One diagnostic as a part of a page; lines that point at columns are never wrapped."""
    width = page_width() if sys.stdout.isatty() else None
    text = Text.from_ansi(human([diagnostic], colour=True, width=width).rstrip("\n"))
    text.no_wrap, text.overflow = True, "ignore"
    return text
