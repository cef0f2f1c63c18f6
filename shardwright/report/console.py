"""Where answers for people are printed: coloured on a terminal, plain text in a pipe."""

from __future__ import annotations

import os
import sys
from typing import TextIO

from rich.console import Console, RenderableType

PIPED_WIDTH = 100
WIDEST = 120
NARROWEST = 40  # with less, names fall apart letter by letter


def console(stream: TextIO | None = None) -> Console:
    """A console that takes texts as they are: no markup, no highlighting, no emoji codes."""
    stream = stream or sys.stdout
    return Console(file=stream, width=_width(stream), markup=False, highlight=False, emoji=False)


def page_width() -> int:
    """The width of what is printed on stdout."""
    return console().width


def _width(stream: TextIO) -> int | None:
    asked = os.environ.get("COLUMNS", "")
    if asked.isdecimal() and asked.isascii():
        return max(int(asked), NARROWEST)
    if not stream.isatty():
        return PIPED_WIDTH
    return max(min(os.get_terminal_size(stream.fileno()).columns or PIPED_WIDTH, WIDEST), NARROWEST)


def show(page: RenderableType, stream: TextIO | None = None) -> None:
    """Print a page on stdout; a reader that has gone away is a BrokenPipeError."""
    stream = stream or sys.stdout
    target = console(stream)
    with target.capture() as captured:
        # Lines that point at columns are longer than the page, never cut.
        target.print(page, crop=False)
    # rich would end the process itself on a closed pipe; a plain write leaves that to endings.py.
    stream.write("\n".join(text.rstrip() for text in captured.get().split("\n")))
    stream.flush()
