"""Where the characters of a JSON string stand in the file, escapes counted."""

from __future__ import annotations

from functools import cached_property

from shardwright.grammar.lexemes import ESCAPE, unescape
from shardwright.grammar.places import Place


class TextPlaces:
    """Places within the value of a string literal; the whole literal where the file has another."""

    def __init__(self, place: Place, value: str) -> None:
        self._place = place
        self._raw = place.source.text[place.start : place.end]
        quoted = len(self._raw) >= 2 and self._raw[0] == self._raw[-1] == '"'
        # A value made up elsewhere (a template's parameter, say) has no characters of its own in the file.
        self._written = quoted and unescape(self._raw) == value

    def place(self, start: int, end: int) -> Place:
        """The place of value[start:end]."""
        if not self._written:
            return self._place
        return Place(self._place.source, self._at(start), self._at(end), self._place.pointer)

    def _at(self, index: int) -> int:
        return self._place.start + (self._offsets[index] if "\\" in self._raw else index + 1)

    @cached_property
    def _offsets(self) -> list[int]:
        """For each character of the value its offset in the literal, and one more for the end."""
        offsets: list[int] = []
        at, stop = 1, len(self._raw) - 1
        while at < stop:
            offsets.append(at)
            escape = ESCAPE.match(self._raw, at) if self._raw[at] == "\\" else None
            at = escape.end() if escape else at + 1
        return [*offsets, stop]
