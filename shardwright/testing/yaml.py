"""YAML as the same Nodes that JSON becomes, every value with its place.

What JSON calls a number is a number, `true`, `false`, `null`, `~` and nothing at all are what they say, and
every other plain word is a text: `no` is Norway.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, NoReturn

import yaml
from yaml import events

from shardwright.grammar.diagnostics import Diagnostic, Help, Span
from shardwright.grammar.limits import DEFAULT_LIMITS, Limits
from shardwright.grammar.numbers import parse_number
from shardwright.grammar.places import Place, Source
from shardwright.grammar.tree import Array, Leaf, Member, Node, Object, pointer
from shardwright.grammar.wording import quoted

MAX_EXPANDED_VALUES = 100_000

_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][-+]?[0-9]+)?")
_WORDS: dict[str, bool | None] = {"": None, "~": None, "null": None, "true": True, "false": False}
_UNUSABLE = re.compile("[\0\ud800-\udfff]")

Path = tuple[str | int, ...]


class _RefusedError(Exception):
    """Reading ends here."""

    def __init__(self, diagnostic: Diagnostic) -> None:
        super().__init__(diagnostic.message)
        self.diagnostic = diagnostic


def parse_yaml(text: str, name: str, limits: Limits = DEFAULT_LIMITS) -> tuple[Node | None, list[Diagnostic]]:
    """The Nodes of a YAML text, and what is wrong with it; None where it cannot be read at all."""
    reader = _Reader(Source(name, text.removeprefix("\ufeff")), limits)
    try:
        node = reader.document()
    except _RefusedError as refused:
        return None, [refused.diagnostic]
    except yaml.YAMLError as error:
        return None, [_broken(error, reader.source)]
    return node, reader.problems


@dataclass
class _Reader:
    source: Source
    limits: Limits
    problems: list[Diagnostic] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._events: Iterator[Any] = yaml.parse(self.source.text, Loader=yaml.SafeLoader)
        self._anchors: dict[str, Node] = {}
        # How many values a node stands for, aliases counted as often as they are used.
        self._sizes: dict[int, int] = {}

    def document(self) -> Node:
        next(self._events)  # the start of the stream
        first = next(self._events)
        if isinstance(first, events.StreamEndEvent):
            self._refuse("E0019", "the document is empty", Place(self.source, 0, 0))
        node = self._node(next(self._events), ())
        next(self._events)  # the end of the document
        more = next(self._events)
        if not isinstance(more, events.StreamEndEvent):
            text = "a second document begins here"
            self._refuse("E0202", text, self._place(more, ()), "write one document in a file")
        return node

    def _node(self, event: Any, path: Path) -> Node:
        if isinstance(event, events.AliasEvent):
            return self._alias(event, path)
        if event.tag is not None and event.tag != "!":
            message = f"the tag {quoted(event.tag)} is not read"
            self._refuse("E0202", message, self._place(event, path), "leave the tag out")
        if isinstance(event, events.ScalarEvent):
            node: Node = self._leaf(event, path)
        else:
            self._refuse_depth(event, path)
            is_map = isinstance(event, events.MappingStartEvent)
            node = self._object(event, path) if is_map else self._array(event, path)
        if event.anchor is not None:
            self._anchors[event.anchor] = node
        return node

    def _alias(self, event: Any, path: Path) -> Node:
        if event.anchor not in self._anchors:
            message = f"no value before this one has the anchor {quoted('&' + event.anchor)}"
            self._refuse("E0201", message, self._place(event, path))
        return self._anchors[event.anchor]

    def _leaf(self, event: Any, path: Path) -> Leaf:
        place = self._place(event, path)
        value: str = event.value
        if event.style is None and event.tag is None:
            if value in _WORDS:
                return Leaf(place, _WORDS[value])
            if _NUMBER.fullmatch(value):
                return Leaf(place, parse_number(value, place, self.limits, self.problems))
        return Leaf(place, self._text(value, place))

    def _text(self, value: str, place: Place) -> str:
        most = self.limits.max_string_length
        if len(value) > most:
            message = f"the text {quoted(value)} has {len(value)} characters, more than {most}"
            note = f"the setting `max_string_length` is {most}"
            self.problems.append(Diagnostic("E5004", message, (Span(place, "too long"),), notes=(note,)))
        if _UNUSABLE.search(value):
            message = "a text holds an escape that stands for no character"
            self.problems.append(Diagnostic("E0201", message, (Span(place, "in this text"),)))
        return _UNUSABLE.sub("\ufffd", value)

    def _array(self, event: Any, path: Path) -> Array:
        items: list[Node] = []
        while not isinstance(below := next(self._events), events.SequenceEndEvent):
            items.append(self._node(below, (*path, len(items))))
        place = self._around(event, below, [item.place for item in items], path)
        array = Array(place, tuple(items))
        self._count(array, items, place)
        return array

    def _object(self, event: Any, path: Path) -> Object:
        members: dict[str, Member] = {}
        values: list[Node] = []
        while not isinstance(below := next(self._events), events.MappingEndEvent):
            key, place = self._key(below, path)
            values.append(self._node(next(self._events), (*path, key)))
            if key in members:
                self.problems.append(_twice(key, place, members[key].key_place))
            else:
                members[key] = Member(key, place, values[-1])
        last = [member.value.place for member in members.values()]
        around = self._around(event, below, last, path)
        made = Object(around, tuple(members.values()))
        self._count(made, values, around)
        return made

    def _key(self, event: Any, path: Path) -> tuple[str, Place]:
        if not isinstance(event, events.ScalarEvent) or event.tag is not None:
            way = "write a text before the colon; texts with brackets, `*` or `&` need quotes"
            self._refuse("E0202", "a key must be a text", self._place(event, path), way)
        if event.value == "<<" and event.style is None:
            self._refuse("E0202", "merge keys (`<<`) are not read", self._place(event, path))
        place = self._place(event, (*path, event.value))
        return self._text(event.value, place), place

    def _count(self, node: Node, below: list[Node], place: Place) -> None:
        size = 1 + sum(self._sizes.get(id(item), 1) for item in below)
        self._sizes[id(node)] = size
        if size > MAX_EXPANDED_VALUES:
            message = f"with its aliases written out this holds more than {MAX_EXPANDED_VALUES} values"
            note = f"the limit `MAX_EXPANDED_VALUES` is {MAX_EXPANDED_VALUES}"
            raise _RefusedError(Diagnostic("E5006", message, (Span(place),), notes=(note,)))

    def _around(self, start: Any, end: Any, inside: list[Place], path: Path) -> Place:
        """Brackets included; what is laid out by indentation ends where its last value does."""
        stop = end.end_mark.index if start.flow_style else max((place.end for place in inside), default=0)
        begin = start.start_mark.index
        return Place(self.source, begin, max(begin, stop), pointer(*path))

    def _place(self, event: Any, path: Path) -> Place:
        return Place(self.source, event.start_mark.index, self._end(event), pointer(*path))

    def _end(self, event: Any) -> int:
        # A block text ends where the next thing begins.
        start: int = event.start_mark.index
        end: int = event.end_mark.index
        return start + len(self.source.text[start:end].rstrip())

    def _refuse_depth(self, event: Any, path: Path) -> None:
        limit = self.limits.max_depth
        if len(path) >= limit:
            message = f"this value nests deeper than {limit} levels"
            note = f"the setting `max_depth` is {limit}"
            place = self._place(event, path)
            raise _RefusedError(Diagnostic("E5002", message, (Span(place),), notes=(note,)))

    def _refuse(self, code: str, message: str, place: Place, way: str = "") -> NoReturn:
        helps = (Help(way),) if way else ()
        raise _RefusedError(Diagnostic(code, message, (Span(place),), helps=helps))


def _twice(key: str, again: Place, first: Place) -> Diagnostic:
    spans = (Span(again, "again here"), Span(first, "first here", primary=False))
    return Diagnostic("E0018", f"the key {quoted(key)} stands twice in one object", spans)


def _broken(error: yaml.YAMLError, source: Source) -> Diagnostic:
    mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    words = getattr(error, "problem", None) or getattr(error, "context", None) or "it cannot be read"
    at = mark.index if mark is not None else int(getattr(error, "position", 0))
    at = min(at, len(source.text))
    if isinstance(error, yaml.reader.ReaderError):
        words = f"the character U+{ord(source.text[at]):04X} cannot stand in YAML"
    place = Place(source, at, min(at + 1, len(source.text)))
    helps: tuple[Help, ...] = ()
    if "\\t" in words or "\t" in source.text[at : at + 1]:
        helps = (Help("indent with spaces, not with tabs"),)
    return Diagnostic("E0201", f"broken YAML: {words.replace(chr(39), '`')}", (Span(place),), helps=helps)
