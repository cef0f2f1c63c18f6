"""Lines of a source with marks below them, in terminal columns."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from shardwright.grammar.diagnostics import Span
from shardwright.grammar.wording import visible

WIDEST = 100
TAB = "    "
CUT = "..."
# How much of a long line stands before the place it is shown for.
LEAD = 30


@dataclass(frozen=True)
class Row:
    """A line of an excerpt: the text of a source line, or the marks below it."""

    text: str
    number: int | None = None
    primary: bool | None = None


@dataclass(frozen=True)
class Stretch:
    """Part of a line as the terminal shows it; offsets count the characters of the line."""

    cells: Sequence[str]
    first: int
    last: int

    @property
    def text(self) -> str:
        before = CUT if self.first else ""
        after = CUT if self.last < len(self.cells) else ""
        return before + "".join(self.cells[self.first : self.last]) + after

    def column(self, offset: int) -> int:
        """The terminal column (from 0) where a character begins."""
        offset = min(max(offset, self.first), self.last)
        before = len(CUT) if self.first else 0
        return before + sum(width(cell) for cell in self.cells[self.first : offset])


def rows(line: int, spans: Sequence[Span]) -> list[Row]:
    """A source line with the spans that begin on it; a long line is shown once for each span."""
    text = spans[0].place.source.line_text(line)
    cells = [shown(char) for char in text]
    whole = Stretch(cells, 0, len(cells))
    if sum(map(width, cells)) <= WIDEST:
        return [Row(whole.text, line), *(marks(whole, span, line) for span in spans)]
    pieces = [(piece(cells, _columns(span, line)[0]), span) for span in spans]
    return [row for part, span in pieces for row in (Row(part.text, line), marks(part, span, line))]


def marks(part: Stretch, span: Span, line: int) -> Row:
    """The carets of a span and its words."""
    start, end = _columns(span, line)
    begin = part.column(start)
    length = max(part.column(end) - begin, 1)
    sign = "^" if span.primary else "-"
    text = " " * begin + sign * length + (f" {visible(span.label)}" if span.label else "")
    return Row(text, primary=span.primary)


def piece(cells: Sequence[str], start: int) -> Stretch:
    """As much of a long line as fits, with the place it is shown for."""
    first = max(0, start - LEAD)
    room = WIDEST - 2 * len(CUT)
    last = first
    while last < len(cells) and room >= width(cells[last]):
        room -= width(cells[last])
        last += 1
    return Stretch(cells, first, last)


def shown(char: str) -> str:
    """A character as it is safe and of known width to print."""
    return TAB if char == "\t" else visible(char)


def width(text: str) -> int:
    """The number of terminal columns of a text without control characters."""
    if text.isascii():
        return len(text)
    return sum(_char_width(char) for char in text)


def _char_width(char: str) -> int:
    if unicodedata.combining(char) or unicodedata.category(char) in ("Mn", "Me", "Cf"):
        return 0
    return 2 if unicodedata.east_asian_width(char) in ("W", "F") else 1


def _columns(span: Span, line: int) -> tuple[int, int]:
    """The first and the last column (from 0) of a span on its first line."""
    place = span.place
    length = len(place.source.line_text(line))
    start = min(place.column - 1, length)
    if place.end_line > line:
        return start, max(length, start)
    return start, min(place.end_column - 1, length)
