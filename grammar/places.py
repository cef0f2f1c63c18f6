"""Where something stands in a source text."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate


@dataclass(frozen=True)
class Source:
    """A text with its name (a file path as the user gave it, or `<text>`)."""

    name: str
    text: str

    @cached_property
    def _line_starts(self) -> list[int]:
        lengths = map((1).__add__, map(len, self.text.split("\n")))
        return list(accumulate(lengths, initial=0))[:-1]

    def line_column(self, offset: int) -> tuple[int, int]:
        """The line and column (both from 1) of a character offset."""
        line = bisect_right(self._line_starts, offset)
        return line, offset - self._line_starts[line - 1] + 1

    def line_text(self, line: int) -> str:
        """The text of a line (from 1), without its end."""
        lines = self.text[self._line_starts[line - 1] :].split("\n", 1)
        return lines[0].rstrip("\r")


@dataclass(frozen=True, slots=True)
class Place:
    """A stretch of a source, with the JSON pointer of the value it belongs to."""

    source: Source
    start: int
    end: int
    pointer: str = ""

    @property
    def file(self) -> str:
        return self.source.name

    @property
    def line(self) -> int:
        return self.source.line_column(self.start)[0]

    @property
    def column(self) -> int:
        return self.source.line_column(self.start)[1]

    @property
    def end_line(self) -> int:
        return self.source.line_column(self.end)[0]

    @property
    def end_column(self) -> int:
        return self.source.line_column(self.end)[1]
