"""Why a text is not JSON: the parse is repeated word by word, mended where it breaks, and goes on."""

from __future__ import annotations

from collections.abc import Sequence

from lark import Lark
from lark.exceptions import UnexpectedToken
from lark.parsers.lalr_interactive_parser import InteractiveParser

from shardwright.grammar.diagnostics import Diagnostic, Help, Span
from shardwright.grammar.lexemes import Job, JsonLexer, Lexeme, Path, TooDeepError, key_text
from shardwright.grammar.mistakes import Words
from shardwright.grammar.repairs import BRACKETS, REPAIRS, SIGNS, EnoughError, shown


def explain(job: Job, parser: Lark) -> None:
    """Put every independent syntax error of a text into the job's problems, at least one."""
    repairer = Repairer(job, parser)
    repairer.run()
    if not job.problems:
        repairer.shrug()
    del job.problems[job.limits.max_syntax_errors :]


class Repairer:
    """Feeds words to the parser and mends what it does not take."""

    def __init__(self, job: Job, parser: Lark) -> None:
        self._job = job
        self._parser: InteractiveParser = parser.parse_interactive(job)  # our lexer takes a Job
        self._words: Sequence[Lexeme] = list(Words(job, JsonLexer(parser.lexer_conf)))
        self._path = Path(job)
        self._open: list[Lexeme] = []
        self._last: Lexeme | None = None
        self._done = False
        self.at = 0

    def run(self) -> None:
        if not self._words:
            if not self._job.problems:
                self._empty()
            return
        try:
            while self.at < len(self._words) and len(self._job.problems) < self._job.limits.max_syntax_errors:
                word = self._words[self.at]
                self.at += 1
                self.take(word)
            self._finish()
        except TooDeepError as deep:
            self._job.problems.append(deep.diagnostic)
        except EnoughError:
            pass

    def take(self, word: Lexeme) -> None:
        """Feed a word, or mend the text so that the parse can go on."""
        word.pointer = self._path.here
        if word.type == "COMMA" and self._trailing(word):
            return
        if self._feed(word):
            return
        for repair in REPAIRS:
            if repair(self, word):
                return

    # What repairs may ask and do.

    def accepts(self) -> set[str]:
        found: set[str] = self._parser.accepts()  # type: ignore[no-untyped-call]
        return found

    @property
    def last(self) -> Lexeme | None:
        """The word that was taken last."""
        return self._last

    @property
    def opener(self) -> Lexeme | None:
        """The innermost bracket that is open."""
        return self._open[-1] if self._open else None

    @property
    def outer(self) -> Lexeme | None:
        return self._open[-2] if len(self._open) > 1 else None

    def following(self) -> str:
        return self._words[self.at].type if self.at < len(self._words) else "$END"

    def skip(self) -> None:
        self.at += 1

    def feed(self, kind: str, like: Lexeme) -> None:
        """Feed a word that is missing in the text."""
        word = Lexeme(kind, like.start, like.start, like.pointer, self._job)
        word.flawed = True
        self._feed(word)

    def feed_as(self, kind: str, word: Lexeme) -> None:
        """Feed a word as if it were of another kind."""
        other = Lexeme(kind, word.start, word.end, word.pointer, self._job)
        other.flawed = True
        self._feed(other)

    def say(
        self,
        code: str,
        message: str,
        span: tuple[int, int],
        label: str,
        way: str | None,
        second: Span | None = None,
    ) -> None:
        """Report, unless the word at hand or the one before has been reported already."""
        near = [self._last, self._words[min(self.at, len(self._words)) - 1]]
        if any(word is not None and word.flawed for word in near):
            return
        place = self._job.place(*span, self._path.here)
        spans = (Span(place, label), *([second] if second else []))
        helps = (Help(way),) if way else ()
        self._job.problems.append(Diagnostic(code, message, spans, helps=helps))

    def after_last(self) -> tuple[int, int]:
        """The place right behind the word before."""
        end = self._last.end if self._last else 0
        return end, end

    def second(self, word: Lexeme, label: str) -> Span:
        return Span(self._job.place(word.start, word.end, word.pointer), label, primary=False)

    # The works.

    def _feed(self, word: Lexeme) -> bool:
        try:
            self._parser.feed_token(word)  # type: ignore[arg-type]  # Lark needs no more than the type
        except UnexpectedToken:
            return False
        self._follow(word)
        self._last = word
        return True

    def _follow(self, word: Lexeme) -> None:
        if word.type in BRACKETS:
            self._path.open(word.type, word.start)
            self._open.append(word)
        elif word.type in SIGNS:
            self._path.close()
            self._open.pop()
        elif word.type == "COMMA":
            self._path.comma()
        elif word.type == "KEY" and word.text[:1] == '"' and word.text.count('"') > 1:
            self._path.key(key_text(self._job.source.text, word.start))

    def _trailing(self, comma: Lexeme) -> bool:
        """`[1, 2,]`: known only by what follows the comma."""
        following = self.following()
        if following not in SIGNS or "COMMA" not in self.accepts():
            return False
        closer = SIGNS[following]
        message = f"a comma before `{closer}`"
        self.say("E0003", message, (comma.start, comma.end), "one too many", "leave out the comma")
        return True

    def _finish(self) -> None:
        if self.at < len(self._words) or "$END" in self.accepts():
            return
        end = len(self._job.source.text.rstrip())
        if self._last is not None and self._last.type in ("KEY", "COMMA") and not self._last.flawed:
            what = shown(self._last)
            self.say(
                "E0021", f"a value is missing after {what}", (end, end), "the text ends here", "add a value"
            )
        if self._open and not self._job.problems:
            self._unclosed(end)

    def _unclosed(self, end: int) -> None:
        opener = self._open[-1]
        closer = SIGNS[BRACKETS[opener.type]]
        text_end = Span(self._job.place(end, end), "the text ends here", primary=False)
        self.say(
            "E0005",
            f"this `{opener.text}` is never closed",
            (opener.start, opener.end),
            "opened here",
            f"add `{closer}`",
            text_end,
        )

    def shrug(self) -> None:
        """The error of last resort; every text that no example fits ends here."""
        end = len(self._job.source.text.rstrip())
        span = Span(self._job.place(end, end), "up to here")
        self._job.problems.append(Diagnostic("E0001", "this text is not JSON", (span,)))

    def _empty(self) -> None:
        place = self._job.place(0, 0)
        way = "a policy is a JSON object in `{` and `}`"
        self._job.problems.append(
            Diagnostic("E0019", "the document is empty", (Span(place, "nothing here"),), helps=(Help(way),))
        )
