"""What `shardwright fmt` does: the same policy, tidily written."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from shardwright.grammar.conditions import parse_condition
from shardwright.grammar.key_order import in_order
from shardwright.grammar.layout import Block, Listing, Word, lay_out
from shardwright.grammar.lexemes import unescape
from shardwright.grammar.limits import DEFAULT_LIMITS
from shardwright.grammar.places import Place
from shardwright.grammar.respell import infix_text, tree_json
from shardwright.grammar.syntax import Condition
from shardwright.grammar.tree import Array, Leaf, Member, Node, Object, Plain

Spelling = Literal["keep", "tree", "expr"]


@dataclass(frozen=True)
class Formatted:
    """A policy as text, and a sentence about everything that could not be written as asked."""

    text: str
    notes: tuple[str, ...] = ()


def format_policy(node: Node, conditions: Spelling = "keep") -> str:
    """The text of a policy, or of a list of policies; see `format_with_notes`."""
    return format_with_notes(node, conditions).text


def format_with_notes(node: Node, conditions: Spelling = "keep") -> Formatted:
    """A policy in canonical form: keys in the order of the language, short values on one line.

    The data stays the same, except that `tree` and `expr` respell the conditions. Numbers and texts stay
    as they were written. Formatting twice changes nothing. Conditions with errors are left alone and noted.
    """
    printer = _Printer(conditions)
    items = node.items if isinstance(node, Array) else None
    if items is None:
        block = printer.policy(node)
    else:
        block = Listing("[]", tuple(("", printer.policy(item)) for item in items), open=True)
    return Formatted(lay_out(block) + "\n", tuple(printer.notes))


class _Printer:
    """Turns Nodes to blocks and collects notes."""

    def __init__(self, conditions: Spelling) -> None:
        self._conditions = conditions
        self.notes: list[str] = []

    def policy(self, node: Node) -> Block:
        if not isinstance(node, Object):
            return self._block(node, ())
        return Listing("{}", tuple(self._parts(node, ())), open=True)

    def _parts(self, node: Object, path: tuple[str, ...]) -> Iterable[tuple[str, Block]]:
        for member in in_order(node, path):
            yield f"{_key(member)}: ", self._value(member, path)

    def _value(self, member: Member, path: tuple[str, ...]) -> Block:
        if not path and member.key == "conditions" and self._conditions != "keep":
            return self._respelled(member.value)
        return self._block(member.value, (*path, member.key))

    def _block(self, node: Node, path: tuple[str, ...]) -> Block:
        if isinstance(node, Object):
            return Listing("{}", tuple(self._parts(node, path)))
        if isinstance(node, Array):
            return Listing("[]", tuple(("", self._block(item, (*path, "*"))) for item in node.items))
        assert isinstance(node, Leaf)
        return Word(_leaf(node))

    def _respelled(self, node: Node) -> Block:
        condition, problems = parse_condition(node)
        if condition is None:
            reason = f": {problems[0].message}" if problems else ""
            self.notes.append(f"the conditions at line {node.place.line} are left as they are{reason}")
            return self._block(node, ("conditions",))
        return _from_plain(self._spelled(condition, node))

    def _spelled(self, condition: Condition, node: Node) -> Plain:
        if self._conditions == "tree":
            return tree_json(condition)
        text = infix_text(condition)
        if len(json.dumps(text)) <= DEFAULT_LIMITS.max_string_length:
            return {"expr": text}
        self.notes.append(f"the conditions at line {node.place.line} are too long for one text")
        return tree_json(condition)


def _key(member: Member) -> str:
    return _written(member.key_place, member.key) or _dumped(member.key)


def _leaf(node: Leaf) -> str:
    if isinstance(node.value, str):
        return _written(node.place, node.value) or _dumped(node.value)
    raw = _raw(node.place)
    return raw if _is_number(node.value) and _reads_as(raw, node.value) else _dumped(node.value)


def _written(place: Place, value: str) -> str | None:
    """A text as it stands in the file, with the escapes that somebody chose; None if it is not there."""
    raw = _raw(place)
    quoted = len(raw) > 1 and raw[0] == raw[-1] == '"' and "\n" not in raw
    return raw if quoted and unescape(raw) == value else None


def _raw(place: Place) -> str:
    return place.source.text[place.start : place.end]


def _is_number(value: object) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def _reads_as(raw: str, value: object) -> bool:
    try:
        return bool(json.loads(raw) == value)
    except ValueError:
        return False


def _dumped(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)


def _from_plain(value: Plain) -> Block:
    if isinstance(value, dict):
        return Listing("{}", tuple((f"{_dumped(key)}: ", _from_plain(item)) for key, item in value.items()))
    if isinstance(value, list):
        return Listing("[]", tuple(("", _from_plain(item)) for item in value))
    return Word(_dumped(value))
