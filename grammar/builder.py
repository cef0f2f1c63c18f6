"""From the words of a text to Nodes: the callbacks that policy.lark names."""

from __future__ import annotations

import re
from typing import Any

from shardwright.grammar.diagnostics import Diagnostic, Help, Span
from shardwright.grammar.lexemes import Lexeme, key_text, string_end, unescape
from shardwright.grammar.numbers import parse_number
from shardwright.grammar.places import Place
from shardwright.grammar.tree import Array, Leaf, Member, Node, Object
from shardwright.grammar.wording import quoted

_WORDS: dict[str, bool | None] = {"true": True, "false": False, "null": None}
_AFTER_KEY = re.compile(r"[ \t\r\n]*:[ \t\r\n]*")
_SURROGATE = re.compile("[\ud800-\udfff]")


class Builder:
    """Makes Nodes while Lark reduces, so that no second walk is needed. Children come as one list."""

    def whole(self, children: list[Any]) -> Node:
        node: Node = children[0]
        return node

    def leaf(self, children: list[Lexeme]) -> Leaf:
        return leaf(children[0], children[0].start)

    def empty_object(self, children: list[Lexeme]) -> Object:
        return Object(between(children[0], children[1]), ())

    def filled_object(self, children: list[Any]) -> Object:
        opening, members, closing = children
        if len({member.key for member in members}) < len(members):
            members = unequal(members, opening)
        return Object(between(opening, closing), tuple(members))

    def first_entry(self, children: list[Lexeme]) -> list[Member]:
        return [entry(children[0])]

    def first_pair(self, children: list[Any]) -> list[Member]:
        return [pair(children[0], children[1])]

    def first_apart(self, children: list[Lexeme]) -> list[Member]:
        return [pair(children[0], leaf(children[1], children[1].start))]

    def next_entry(self, children: list[Any]) -> list[Member]:
        members: list[Member] = children[0]
        members.append(entry(children[2]))
        return members

    def next_pair(self, children: list[Any]) -> list[Member]:
        members: list[Member] = children[0]
        members.append(pair(children[2], children[3]))
        return members

    def next_apart(self, children: list[Any]) -> list[Member]:
        members: list[Member] = children[0]
        members.append(pair(children[2], leaf(children[3], children[3].start)))
        return members

    def empty_array(self, children: list[Lexeme]) -> Array:
        return Array(between(children[0], children[1]), ())

    def filled_array(self, children: list[Any]) -> Array:
        return Array(between(children[0], children[2]), tuple(children[1]))

    def first_leaf(self, children: list[Lexeme]) -> list[Node]:
        return [leaf(children[0], children[0].start)]

    def first_item(self, children: list[Node]) -> list[Node]:
        return children

    def next_leaf(self, children: list[Any]) -> list[Node]:
        items: list[Node] = children[0]
        items.append(leaf(children[2], children[2].start))
        return items

    def next_item(self, children: list[Any]) -> list[Node]:
        items: list[Node] = children[0]
        items.append(children[2])
        return items


def between(opening: Lexeme, closing: Lexeme) -> Place:
    return Place(opening.job.source, opening.start, closing.end, opening.pointer)


def entry(lexeme: Lexeme) -> Member:
    """A key with a plain value, cut from one lexeme."""
    text = lexeme.job.source.text
    end, key = key_of(lexeme, text)
    value = _AFTER_KEY.match(text, end).end()  # type: ignore[union-attr]  # ENTRY has a colon here
    return Member(key, Place(lexeme.job.source, lexeme.start, end, lexeme.pointer), leaf(lexeme, value))


def pair(lexeme: Lexeme, value: Node) -> Member:
    end, key = key_of(lexeme, lexeme.job.source.text)
    return Member(key, Place(lexeme.job.source, lexeme.start, end, lexeme.pointer), value)


def key_of(lexeme: Lexeme, text: str) -> tuple[int, str]:
    """Where the key of a lexeme ends, and the key."""
    start = lexeme.start
    close = text.index('"', start + 1)
    key = text[start + 1 : close]
    if "\\" in key:
        close = string_end(text, start) - 1
        key = checked(key_text(text, start), lexeme, start, close + 1)
    if len(key) > lexeme.job.limits.max_string_length:
        too_long(lexeme, start, close + 1)
    return close + 1, key


def leaf(lexeme: Lexeme, start: int) -> Leaf:
    """The plain value from `start` to the end of a lexeme."""
    job, end = lexeme.job, lexeme.end
    raw = job.source.text[start:end]
    place = Place(job.source, start, end, lexeme.pointer)
    if raw[0] == '"':
        if len(raw) - 2 > job.limits.max_string_length:
            too_long(lexeme, start, end)
        value = raw[1:-1] if "\\" not in raw else checked(unescape(raw), lexeme, start, end)
        return Leaf(place, value)
    if raw in _WORDS:
        return Leaf(place, _WORDS[raw])
    return Leaf(place, parse_number(raw, place, job.limits, job.problems))


def too_long(lexeme: Lexeme, start: int, end: int) -> None:
    limit = lexeme.job.limits.max_string_length
    words = quoted(lexeme.job.source.text[start:end])
    lexeme.job.problems.append(
        Diagnostic(
            "E5004",
            f"the text {words} has {end - start - 2} characters, more than {limit}",
            (Span(lexeme.job.place(start, end, lexeme.pointer), "too long"),),
            notes=(f"the setting `max_string_length` is {limit}",),
            helps=(Help("shorten the text"),),
            data={"setting": "max_string_length", "value": limit},
        )
    )


def checked(value: str, lexeme: Lexeme, start: int, end: int) -> str:
    """A text with escapes, refused where an escape stands for no character."""
    surrogate = _SURROGATE.search(value)
    if surrogate is None and "\0" not in value:
        return value
    place = lexeme.job.place(start, end, lexeme.pointer)
    lexeme.job.problems.append(lone_surrogate(place, surrogate[0]) if surrogate else nul(place))
    return value.replace("\0", "\ufffd") if surrogate is None else _SURROGATE.sub("\ufffd", value)


def lone_surrogate(place: Place, char: str) -> Diagnostic:
    escape = f"\\u{ord(char):04x}"
    return Diagnostic(
        "E0016",
        f"the escape `{escape}` is half of a surrogate pair and stands for no character",
        (Span(place, "in this text"),),
        helps=(Help("write the character itself, or both halves of the pair"),),
    )


def nul(place: Place) -> Diagnostic:
    return Diagnostic(
        "E0022",
        "the escape `\\u0000` is not allowed in a text",
        (Span(place, "in this text"),),
        notes=("names and labels would be cut there",),
        helps=(Help("leave it out"),),
    )


def unequal(members: list[Member], opening: Lexeme) -> list[Member]:
    """The members without repeated keys (the first of equal ones stays), each repetition reported."""
    first: dict[str, Member] = {}
    for member in members:
        if member.key not in first:
            first[member.key] = member
            continue
        opening.job.problems.append(repeated(member, first[member.key]))
    return list(first.values())


def repeated(member: Member, earlier: Member) -> Diagnostic:
    return Diagnostic(
        "E0018",
        f"the key {quoted(member.key)} stands twice in one object",
        (Span(member.key_place, "again here"), Span(earlier.key_place, "first here", primary=False)),
        helps=(Help("keep one of them"),),
    )
