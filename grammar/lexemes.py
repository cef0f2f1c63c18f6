"""The words of a JSON text, for the parser that Lark builds from policy.lark."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from lark.common import LexerConf
from lark.lexer import Lexer

from shardwright.grammar.diagnostics import Diagnostic, Help, Span
from shardwright.grammar.limits import Limits
from shardwright.grammar.places import Place, Source


@dataclass(slots=True)
class Job:
    """One document on its way through the front end, with what was found wrong so far."""

    source: Source
    limits: Limits
    problems: list[Diagnostic] = field(default_factory=list)

    def place(self, start: int, end: int, pointer: str = "") -> Place:
        return Place(self.source, start, end, pointer)


class Lexeme:
    """A token without text: only its kind, its offsets and the pointer of the value it belongs to.

    Lark's own Token copies the text and counts lines, which costs more than the whole rest of the parse.
    """

    __slots__ = ("end", "flawed", "job", "pointer", "start", "type")

    # Lark asks for these when it makes its end token; our places count lines only when somebody looks.
    start_pos = end_pos = line = column = end_line = end_column = 0

    def __init__(self, kind: str, start: int, end: int, pointer: str, job: Job) -> None:
        self.type = kind
        self.start = start
        self.end = end
        self.pointer = pointer
        self.job = job
        self.flawed = False

    @property
    def text(self) -> str:
        return self.job.source.text[self.start : self.end]

    @property
    def place(self) -> Place:
        return Place(self.job.source, self.start, self.end, self.pointer)


class TooDeepError(Exception):
    """The text nests deeper than the limit: reading it stops here."""

    def __init__(self, diagnostic: Diagnostic) -> None:
        super().__init__(diagnostic.message)
        self.diagnostic = diagnostic


class Path:
    """Follows the brackets and keys of a text and knows the JSON pointer of each value."""

    __slots__ = ("_frames", "_job", "here")

    def __init__(self, job: Job) -> None:
        self.here = ""
        self._job = job
        self._frames: list[tuple[str, int]] = []

    def open(self, kind: str, at: int) -> None:
        """Step into an object or array. The index of an object is -1."""
        if len(self._frames) >= self._job.limits.max_depth:
            raise TooDeepError(self._too_deep(at))
        self._frames.append((self.here, -1 if kind == "OPEN" else 0))
        if kind == "BEGIN":
            self.here += "/0"

    def close(self) -> None:
        if self._frames:
            self.here = self._frames.pop()[0]

    def comma(self) -> None:
        if not self._frames:
            return
        prefix, index = self._frames[-1]
        if index >= 0:
            self._frames[-1] = (prefix, index + 1)
            self.here = f"{prefix}/{index + 1}"

    def key(self, quoted: str) -> None:
        """Step to a member; `quoted` is the key as written. Escapes in it are read by the caller."""
        if "~" in quoted or "/" in quoted:
            quoted = quoted.replace("~", "~0").replace("/", "~1")
        self.here = f"{self._frames[-1][0] if self._frames else ''}/{quoted}"

    def _too_deep(self, at: int) -> Diagnostic:
        limit = self._job.limits.max_depth
        bracket = self._job.source.text[at]
        return Diagnostic(
            "E5002",
            f"this `{bracket}` nests deeper than {limit} levels",
            (Span(self._job.place(at, at + 1, self.here), f"level {limit + 1}"),),
            notes=(f"the setting `max_depth` is {limit}",),
            helps=(Help("make the document flatter"),),
            data={"setting": "max_depth", "value": limit},
        )


KINDS = ("ENTRY", "KEY", "COMMA", "OPEN", "CLOSE", "BEGIN", "END", "SCALAR")


class JsonLexer(Lexer):
    """Cuts a text with one regular expression, joined from the terminals of the grammar.

    The group DONE takes the white space at the end; BAD takes any character that begins no token, which no
    grammar rule accepts, so the parse ends there and grammar/recovery.py says what is wrong.
    """

    def __init__(self, conf: LexerConf) -> None:
        self.terminals = {terminal.name: terminal.pattern.to_regexp() for terminal in conf.terminals}
        words = "|".join(f"(?P<{kind}>{self.terminals[kind]})" for kind in KINDS)
        self._words = re.compile(rf"[ \t\r\n]*+(?:{words}|(?P<DONE>\Z)|(?P<BAD>.))", re.DOTALL)

    def lex(self, job: Any, parser_state: Any = None) -> Iterator[Any]:
        text = job.source.text
        path = Path(job)
        for match in self._words.finditer(text):
            kind: str = match.lastgroup  # type: ignore[assignment]  # every match has a group
            start, end = match.span(kind)
            if kind == "COMMA":
                path.comma()
            elif kind == "OPEN" or kind == "BEGIN":
                here = path.here
                path.open(kind, start)
                yield Lexeme(kind, start, end, here, job)
                continue
            elif kind == "CLOSE" or kind == "END":
                path.close()
            elif kind == "ENTRY" or kind == "KEY":
                path.key(key_text(text, start))
            elif kind == "DONE":
                return
            yield Lexeme(kind, start, end, path.here, job)


_QUOTED = re.compile(r'"((?:[^"\\]|\\.)*)"', re.DOTALL)


def key_text(text: str, start: int) -> str:
    """The text of the string that begins at `start`, its escapes read."""
    close = text.index('"', start + 1)
    raw = text[start + 1 : close]
    return raw if "\\" not in raw else unescape(text[start : string_end(text, start)])


def string_end(text: str, start: int) -> int:
    """The offset after the closing quote of the string that begins at `start`."""
    match = _QUOTED.match(text, start)
    return match.end() if match else len(text)


ESCAPE = re.compile(
    r"\\u([dD][89abAB][0-9a-fA-F]{2})\\u([dD][c-fC-F][0-9a-fA-F]{2})|\\u([0-9a-fA-F]{4})|\\(.)", re.DOTALL
)
_SHORT = {"b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t"}


def unescape(quoted: str) -> str:
    """The value of a string literal, given with its quotes. Lone surrogates stay what they are."""
    return ESCAPE.sub(_character, quoted[1:-1])


def _character(match: re.Match[str]) -> str:
    high, low, code, short = match.groups()
    if high:
        return chr(0x10000 + ((int(high, 16) - 0xD800) << 10) + (int(low, 16) - 0xDC00))
    return chr(int(code, 16)) if code else _SHORT.get(short, short)
