"""Where the values of JSON pointers stand in a text: a slow second pass, only for texts with faults."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from shardwright.grammar.tree import pointer

Stretch = tuple[int, int]
Tokens = tuple[str, ...]

_SPACE = re.compile(r"[ \t\r\n]*")
_DECODER = json.JSONDecoder(parse_int=float)  # only the ends count; int() refuses very long numbers


@dataclass(frozen=True)
class Positions:
    """Start and end of a value and, for a member of an object, of its key (quotes included)."""

    value: Stretch
    key: Stretch | None


def locate(text: str, wanted: Iterable[Tokens], at: int = 0, prefix: Tokens = ()) -> dict[str, Positions]:
    """The positions of the values at pointers, and of all that enclose them, in one pass over valid JSON.

    `at` is the offset of the value that `prefix` names; pointers that lead nowhere are left out.
    """
    found: dict[str, Positions] = {}
    _Walk(text, set(wanted), found).value(_skip(text, at), prefix, None)
    return found


def _skip(text: str, at: int) -> int:
    match = _SPACE.match(text, at)
    return match.end() if match else at


class _Walk:
    """Goes into what a pointer passes through, and over the rest at the speed of the C scanner."""

    def __init__(self, text: str, wanted: set[Tokens], found: dict[str, Positions]) -> None:
        self.text, self.found = text, found
        self.through = {tokens[:length] for tokens in wanted for length in range(len(tokens) + 1)}

    def value(self, at: int, path: Tokens, key: Stretch | None) -> int:
        """The end of the value at an offset."""
        if path not in self.through:
            return _end(self.text, at)
        end = self._inside(at, path)
        self.found[pointer(*path)] = Positions((at, end), key)
        return end

    def _inside(self, at: int, path: Tokens) -> int:
        if self.text[at] == "{":
            return self._object(at, path)
        if self.text[at] == "[":
            return self._array(at, path)
        return _end(self.text, at)

    def _object(self, at: int, path: Tokens) -> int:
        at = _skip(self.text, at + 1)
        while self.text[at] != "}":
            key, end = _DECODER.raw_decode(self.text, at)
            colon = _skip(self.text, end)
            at = self._next(self.value(_skip(self.text, colon + 1), (*path, key), (at, end)))
        return at + 1

    def _array(self, at: int, path: Tokens) -> int:
        at, index = _skip(self.text, at + 1), 0
        while self.text[at] != "]":
            at = self._next(self.value(at, (*path, str(index)), None))
            index += 1
        return at + 1

    def _next(self, at: int) -> int:
        """Past a comma, to the next member or the closing bracket."""
        at = _skip(self.text, at)
        return _skip(self.text, at + 1) if self.text[at] == "," else at


def _end(text: str, at: int) -> int:
    value: tuple[Any, int] = _DECODER.raw_decode(text, at)
    return value[1]
