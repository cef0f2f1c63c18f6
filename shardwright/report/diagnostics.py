"""Diagnostics that end a command, and those that stand inside an answer."""

from __future__ import annotations

import sys
from collections.abc import Sequence

from rich.text import Text

from shardwright.grammar.diagnostics import Diagnostic
from shardwright.grammar.render import FORMATS, human, render
from shardwright.report.console import console

FOR_PEOPLE = ("human", "plain")


def show(diagnostics: Sequence[Diagnostic], format: str) -> None:
    """On stderr for people; on stdout, as the command's answer, in the formats of scripts."""
    if format in FORMATS and format not in FOR_PEOPLE:
        sys.stdout.write(render(diagnostics, format))
        sys.stdout.flush()
        return
    colour = console(sys.stderr).color_system is not None and sys.stderr.isatty()
    sys.stderr.write(render(diagnostics, format if format == "plain" else "human", colour))


def rendered(diagnostic: Diagnostic) -> Text:
    """One diagnostic as a part of a page; its lines are never wrapped, since they point at columns."""
    text = Text.from_ansi(human([diagnostic], colour=True).rstrip("\n"))
    text.no_wrap, text.overflow = True, "ignore"
    return text
