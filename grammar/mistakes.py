"""The words of a text that is not JSON: what it takes for a token, and what is wrong with the rest.

Every mistake is reported here once and replaced by the token that was probably meant; the parse goes on.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from shardwright.grammar.diagnostics import Diagnostic, Help, Span
from shardwright.grammar.lexemes import Job, JsonLexer, Lexeme
from shardwright.grammar.spelling import did_you_mean
from shardwright.grammar.wording import quoted

# A mistake may stand for a token ("SCALAR"), for nothing, and reaches to an offset.
Outcome = tuple[str | None, int]
PUNCTUATION = {",": "COMMA", "{": "OPEN", "}": "CLOSE", "[": "BEGIN", "]": "END", ":": "COLON"}
WORDS = {"True": "true", "False": "false", "None": "null", "TRUE": "true", "FALSE": "false", "NULL": "null"}
PLAIN_WORDS = ("true", "false", "null")
NOT_NUMBERS = ("NaN", "nan", "Infinity", "-Infinity", "+Infinity", "inf", "-inf")

_SPACE = re.compile(r"[ \t\r\n]+")
_COMMENT = re.compile(r"//[^\n]*|/\*.*?(?:\*/|\Z)|#[^\n]*", re.DOTALL)
_BROKEN = re.compile(r'"(?:[^"\\\n]|\\[^\n])*("?)')
_SINGLE = re.compile(r"'(?:[^'\\\n]|\\[^\n])*'?")
_NUMBER = re.compile(r"[-+.]?[0-9][\w.]*(?:(?<=[eE])[-+]?[0-9]+)?|[-+]\w+")
_WORD = re.compile(r"[^\W\d][\w.$-]*|\$[\w.$-]+")
_COLON = re.compile(r"[ \t\r\n]*:")
_RESUME = re.compile(r"\n[ \t\r]*(?=[\"{}\[\]])")
_WRONG_ESCAPE = re.compile(r'\\(?:u[0-9a-fA-F]{4}|["\\/bfnrt])|(\\(?:u[0-9a-fA-F]{0,3}|.?))')
_CONTROL = re.compile(r"[\x00-\x1f]")


class Words:
    """Cuts a text into lexemes, mistakes and all."""

    def __init__(self, job: Job, lexer: JsonLexer) -> None:
        self._job = job
        self._text = job.source.text
        scalar = lexer.terminals["SCALAR"]
        self._string = re.compile(f'(?="){scalar}')
        self._good_number = re.compile(scalar)

    def __iter__(self) -> Iterator[Lexeme]:
        at, stained = 0, False
        while at < len(self._text) and len(self._job.problems) < self._job.limits.max_syntax_errors:
            space = _SPACE.match(self._text, at)
            if space:
                at = space.end()
                continue
            before = len(self._job.problems)
            kind, end = self._next(at)
            if kind:
                lexeme = Lexeme(kind, at, end, "", self._job)
                lexeme.flawed = stained or len(self._job.problems) > before
                yield lexeme
            # What comes after something unreadable is not reported again; a comment disturbs nothing.
            stained = kind is None and self._text[at] not in "/#"
            at = end

    def _next(self, at: int) -> Outcome:
        """The kind of the token that begins here, and where it ends."""
        char = self._text[at]
        if char in PUNCTUATION:
            return PUNCTUATION[char], at + 1
        for pattern, read in self._readers():
            found = pattern.match(self._text, at)
            if found:
                return read(found)
        self._say("E0001", f"unexpected {quoted(char)}", at, at + 1, "not JSON", "leave it out")
        return None, at + 1

    def _readers(self) -> tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], Outcome]], ...]:
        return (
            (self._string, lambda found: self._key_or_scalar(found.end())),
            (_BROKEN, self._broken_text),
            (_SINGLE, self._single_quotes),
            (_COMMENT, self._comment),
            (_NUMBER, self._number),
            (_WORD, self._word),
        )

    def _key_or_scalar(self, end: int) -> Outcome:
        """A text before a colon is a key, colon included, as in the grammar."""
        colon = _COLON.match(self._text, end)
        return ("KEY", colon.end()) if colon else ("SCALAR", end)

    def _broken_text(self, found: re.Match[str]) -> Outcome:
        if not found[1]:
            return self._unclosed_text(found)
        for escape in _WRONG_ESCAPE.finditer(found[0], 1, len(found[0]) - 1):
            if escape[1]:
                self._wrong_escape(escape[1], found.start() + escape.start())
        for control in _CONTROL.finditer(found[0]):
            self._control(control[0], found.start() + control.start())
        return self._key_or_scalar(found.end())

    def _unclosed_text(self, found: re.Match[str]) -> Outcome:
        words = found[0].rstrip("\r")
        self._say(
            "E0013",
            f"the text {quoted(words)} is never closed",
            found.start(),
            found.start() + len(words),
            "no closing quote on this line",
            'add `"`; a line break inside a text is written `\\n`',
        )
        # The closing quote of a text over several lines would open another: go on where JSON may begin.
        resume = _RESUME.search(self._text, found.end())
        return "SCALAR", resume.start() if resume else len(self._text)

    def _wrong_escape(self, escape: str, at: int) -> None:
        known = 'one of `\\" \\\\ \\/ \\b \\f \\n \\r \\t \\uXXXX`; a backslash itself is written `\\\\`'
        self._say(
            "E0015",
            f"unknown escape {quoted(escape)} in a text",
            at,
            at + len(escape),
            "not an escape",
            known,
        )

    def _control(self, char: str, at: int) -> None:
        escape = {"\t": "\\t", "\b": "\\b", "\f": "\\f", "\r": "\\r"}.get(char, f"\\u{ord(char):04x}")
        message = f"the control character U+{ord(char):04X} stands in a text"
        self._say("E0014", message, at, at + 1, "not allowed", f"write `{escape}`")

    def _single_quotes(self, found: re.Match[str]) -> Outcome:
        inside = found[0].strip("'").replace('"', '\\"')
        message = f"texts stand in double quotes, not {quoted(found[0])}"
        self._say("E0007", message, found.start(), found.end(), "single quotes", "write " + in_quotes(inside))
        return self._key_or_scalar(found.end())

    def _comment(self, found: re.Match[str]) -> Outcome:
        words = found[0].rstrip()
        way = "say it in `description`, or leave it out"
        message = f"JSON has no comments: {quoted(words)}"
        self._say("E0008", message, found.start(), found.start() + len(words), "a comment", way)
        return None, found.end()

    def _number(self, found: re.Match[str]) -> Outcome:
        raw = found[0]
        if self._good_number.fullmatch(raw):
            return self._plain(found)
        if raw in NOT_NUMBERS:
            return self._not_a_number(found)
        way = better_number(raw)
        self._say("E0011", f"{quoted(raw)} is not a number", found.start(), found.end(), "not a number", way)
        return self._key_or_scalar(found.end())

    def _plain(self, found: re.Match[str]) -> Outcome:
        """A number, true, false or null: fine, unless it is used as a key."""
        outcome = self._key_or_scalar(found.end())
        if outcome[0] == "KEY":
            self._unquoted("a key", found)
        return outcome

    def _unquoted(self, what: str, found: re.Match[str]) -> None:
        message = f"{what} without quotes: {quoted(found[0])}"
        self._say("E0010", message, found.start(), found.end(), "not JSON", "write " + in_quotes(found[0]))

    def _not_a_number(self, found: re.Match[str]) -> Outcome:
        message = f"{quoted(found[0])} is not a number in JSON"
        self._say(
            "E0009", message, found.start(), found.end(), "not a number", "write a number, or leave it out"
        )
        return self._key_or_scalar(found.end())

    def _word(self, found: re.Match[str]) -> Outcome:
        word = found[0]
        if word in NOT_NUMBERS:
            return self._not_a_number(found)
        if word in PLAIN_WORDS:
            return self._plain(found)
        outcome = self._key_or_scalar(found.end())
        if word in WORDS and outcome[0] == "SCALAR":
            message, way = f"the word {quoted(word)} means nothing here", f"write `{WORDS[word]}`"
            self._say("E0010", message, found.start(), found.end(), "not JSON", way)
        elif (near := did_you_mean(word, PLAIN_WORDS)) and outcome[0] == "SCALAR":
            message = f"the word {quoted(word)} means nothing here"
            self._say("E0010", message, found.start(), found.end(), "not JSON", f"did you mean `{near}`?")
        else:
            self._unquoted("a key" if outcome[0] == "KEY" else "a text", found)
        return outcome

    def _say(self, code: str, message: str, start: int, end: int, label: str, way: str) -> None:
        span = Span(self._job.place(start, end), label)
        self._job.problems.append(Diagnostic(code, message, (span,), helps=(Help(way),)))


def in_quotes(words: str) -> str:
    return quoted(f'"{words}"')


def better_number(raw: str) -> str:
    """What was probably meant by something like a number."""
    body = raw.removeprefix("+")
    if re.fullmatch(r"-?0+[0-9]+(?:\.[0-9]+)?", body):
        sign = "-" if body.startswith("-") else ""
        return f"write `{sign}{body.lstrip('-').lstrip('0') or '0'}`, without leading zeros"
    if re.fullmatch(r"-?\.[0-9]+", body):
        return f"write `{body.replace('.', '0.')}`"
    if re.fullmatch(r"-?[0-9]+\.", body):
        return f"write `{body}0`"
    if raw != body and re.fullmatch(r"[0-9]+(?:\.[0-9]+)?", body):
        return f"write `{body}`, without the plus"
    if re.fullmatch(r"-?[0-9]+(?:_[0-9]+)+", body):
        return f"write `{body.replace('_', '')}`"
    return f"write a plain number, or {in_quotes(raw)} as a text"
