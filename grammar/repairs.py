"""Repairs of texts that are not JSON, tried in order.

Each is an example: what came before, what was found and what Lark could have accepted. A repair that
knows the mistake reports it, feeds the parser something that fits, and says so by True.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from shardwright.grammar.lexemes import Lexeme
from shardwright.grammar.wording import quoted

if TYPE_CHECKING:
    from shardwright.grammar.recovery import Repairer

BRACKETS = {"OPEN": "CLOSE", "BEGIN": "END"}
SIGNS = {"CLOSE": "}", "END": "]"}


def shown(word: Lexeme) -> str:
    """A word as messages name it: a key without its colon."""
    return quoted(word.text.rstrip(": \t\r\n") or word.text)


class EnoughError(Exception):
    """What follows would only repeat the same mistake."""


def after_the_end(parse: Repairer, word: Lexeme) -> bool:
    if "$END" not in parse.accepts():
        return False
    if word.type in SIGNS:
        return wrong_closer(parse, word)
    way = "put several policies into one list, `[` and `]`"
    parse.say(
        "E0020",
        f"{shown(word)} stands after the end of the document",
        (word.start, word.end),
        "too much",
        way,
    )
    raise EnoughError


def missing_comma(parse: Repairer, word: Lexeme) -> bool:
    if "COMMA" not in parse.accepts() or word.type not in ("SCALAR", "KEY", "OPEN", "BEGIN"):
        return False
    if word.type == "KEY" and parse.opener is not None and parse.opener.type == "BEGIN":
        return False
    before = shown(parse.last) if parse.last else ""
    message = f"a comma is missing between {before} and {shown(word)}"
    parse.say("E0002", message, parse.after_last(), "a comma is missing here", "add `,`")
    parse.feed("COMMA", word)
    parse.take(word)
    return True


def key_in_array(parse: Repairer, word: Lexeme) -> bool:
    if word.type != "KEY" or parse.opener is None or parse.opener.type != "BEGIN":
        return False
    opened = parse.second(parse.opener, "this list")
    key = shown(word)
    parse.say(
        "E0023",
        f"the key {key} stands in a list",
        (word.start, word.end),
        "a key",
        "put it in `{` and `}`",
        opened,
    )
    # All other members of the same object would say the same.
    raise EnoughError


def no_key(parse: Repairer, word: Lexeme) -> bool:
    """A value where a key should be."""
    if "KEY" not in parse.accepts() or word.type not in ("SCALAR", "OPEN", "BEGIN"):
        return False
    span = (word.start, word.end)
    words = shown(word)
    if word.type == "SCALAR" and word.text[:1] == '"' and parse.following() in ("SCALAR", "OPEN", "BEGIN"):
        end = (word.end, word.end)
        parse.say("E0004", f"a colon is missing after {words}", end, "a colon is missing here", "add `:`")
        parse.feed_as("KEY", word)
    elif word.type == "SCALAR" and parse.following() in ("COMMA", "CLOSE", "END", "$END"):
        parse.say(
            "E0004",
            f"{words} has no value",
            span,
            "expected a key, a colon and a value",
            f"write `{word.text}: ...`",
        )
        _pair_up(parse, word)
    else:
        parse.say(
            "E0023", f"expected a key, found {words}", span, "not a key", "keys are texts in double quotes"
        )
        raise EnoughError
    return True


def _pair_up(parse: Repairer, word: Lexeme) -> None:
    parse.feed_as("KEY", word)
    parse.feed("SCALAR", word)


def odd_key(parse: Repairer, word: Lexeme) -> bool:
    """A key where a value should be: `{"a": "b": 1}`."""
    if word.type != "KEY" or "SCALAR" not in parse.accepts():
        return False
    before = shown(parse.last) if parse.last else ""
    key = shown(word)
    message = (
        f"a value is missing between {before} and {key}"
        if before
        else f"the key {key} stands outside of an object"
    )
    way = "give each key one value" if before else "put it in `{` and `}`"
    parse.say("E0021", message, (word.start, word.end), "expected a value", way)
    if not before:
        raise EnoughError
    parse.feed("SCALAR", word)
    parse.feed("COMMA", word)
    parse.take(word)
    return True


def missing_value(parse: Repairer, word: Lexeme) -> bool:
    """`"a": ,` and `"a": }`."""
    if parse.last is None or parse.last.type != "KEY" or word.type not in ("COMMA", "CLOSE", "END"):
        return False
    key = shown(parse.last)
    parse.say(
        "E0021", f"a value is missing after {key}", (word.start, word.end), "expected a value", "add a value"
    )
    parse.feed("SCALAR", word)
    parse.take(word)
    return True


def stray_comma(parse: Repairer, word: Lexeme) -> bool:
    if word.type != "COMMA":
        return False
    before = shown(parse.last) if parse.last else "the beginning"
    parse.say(
        "E0021",
        f"nothing stands between {before} and `,`",
        (word.start, word.end),
        "one too many",
        "leave out the comma",
    )
    return True


def stray_colon(parse: Repairer, word: Lexeme) -> bool:
    if word.type != "COLON":
        return False
    after = f" after {shown(parse.last)}" if parse.last else ""
    parse.say("E0001", f"unexpected `:`{after}", (word.start, word.end), "not here", "leave out the colon")
    return True


def wrong_closer(parse: Repairer, word: Lexeme) -> bool:
    if word.type not in SIGNS:
        return False
    if parse.opener is None:
        parse.say(
            "E0006",
            f"`{word.text}` closes nothing",
            (word.start, word.end),
            "never opened",
            f"leave out `{word.text}`",
        )
        return True
    wanted = BRACKETS[parse.opener.type]
    opened = parse.second(parse.opener, f"`{parse.opener.text}` opened here")
    span = (word.start, word.end)
    if parse.outer is not None and BRACKETS[parse.outer.type] == word.type:
        way = f"add `{SIGNS[wanted]}` before it"
        parse.say(
            "E0005",
            f"`{parse.opener.text}` is not closed before `{word.text}`",
            span,
            "too early",
            way,
            opened,
        )
        parse.feed(wanted, word)
        parse.take(word)
        return True
    way = f"write `{SIGNS[wanted]}`"
    parse.say(
        "E0006", f"`{word.text}` cannot close `{parse.opener.text}`", span, "the wrong bracket", way, opened
    )
    parse.feed_as(wanted, word)
    return True


def anything(parse: Repairer, word: Lexeme) -> bool:
    parse.say("E0001", f"unexpected {shown(word)}", (word.start, word.end), "not here", None)
    return True


Repair = Callable[["Repairer", Lexeme], bool]
REPAIRS: tuple[Repair, ...] = (
    after_the_end,
    missing_value,
    missing_comma,
    key_in_array,
    no_key,
    odd_key,
    stray_comma,
    stray_colon,
    wrong_closer,
    anything,
)
