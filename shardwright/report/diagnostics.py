"""Diagnostics for the terminal and for scripts."""

from __future__ import annotations

from rich.text import Text

from shardwright.grammar.diagnostics import Diagnostic
from shardwright.grammar.render import human
from shardwright.report.words import safe


def rendered(diagnostic: Diagnostic) -> Text:
    """One diagnostic, as `check` would print it."""
    return Text(safe(human([diagnostic])).rstrip("\n"))
