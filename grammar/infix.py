"""The infix spelling of conditions: text to the same tree that JSON spells out."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

from lark import Lark, Token, Tree
from lark.exceptions import UnexpectedToken

from shardwright.grammar.attributes import Misread, read_attribute, unquote
from shardwright.grammar.comparisons import Operand, Report, comparison
from shardwright.grammar.infix_errors import explain, not_yet
from shardwright.grammar.numbers import parse_number
from shardwright.grammar.offsets import TextPlaces
from shardwright.grammar.places import Place
from shardwright.grammar.syntax import COMBINATIONS, All, AnyOf, Attribute, Condition, Not
from shardwright.grammar.tree import Leaf

GRAMMAR = Path(__file__).with_name("expression.lark")
Parsed = Tree[Token]


class KeepForMessages:
    """Makes Lark keep terminals that no rule uses; they stand for what people write by mistake."""

    always_accept = ("WORD", "FOREIGN", "BAD")

    def process(self, stream: Iterator[Token]) -> Iterator[Token]:
        return stream


@cache
def expression_parser() -> Lark:
    text = GRAMMAR.read_text(encoding="utf-8")
    keep: Any = KeepForMessages()
    return Lark(text, parser="lalr", lexer="basic", propagate_positions=True, postlex=keep)


def parse_infix(text: str, leaf: Leaf, report: Report, depth: int = 0) -> Condition | None:
    """The condition that an infix text spells, or None with errors in the report.

    `depth` is how deep the text itself stands in the JSON of a condition.
    """
    places = TextPlaces(leaf.place, text)
    parser = expression_parser()
    tokens = list(parser.lex(text))
    if not_yet(tokens, places, report):
        return None
    try:
        tree = parser.parse(text)
    except UnexpectedToken as error:
        explain(error, tokens, places, text, report)
        return None
    if too_deep(tree, depth, places, report):
        return None
    # Parentheses around the whole text leave their tokens beside its tree.
    whole = next(child for child in tree.children if isinstance(child, Tree))
    return Converter(places, report).condition(whole)


def too_deep(tree: Parsed, depth: int, places: TextPlaces, report: Report) -> bool:
    """Measured without recursion, because a text can nest as deep as it is long."""
    limit = report.limits.max_condition_depth
    waiting = [(tree, depth - 1)]
    while waiting:
        node, level = waiting.pop()
        if level > limit:
            place = places.place(node.meta.start_pos, node.meta.end_pos)
            report.too_deep(place)
            return True
        waiting += [(child, level + 1) for child in node.children if isinstance(child, Tree)]
    return False


class Converter:
    """Lark's tree to a Condition. An item with an error gives None, and so does whatever holds it."""

    def __init__(self, places: TextPlaces, report: Report) -> None:
        self._places = places
        self._report = report

    def condition(self, tree: Parsed) -> Condition | None:
        make: Callable[[Parsed], Condition | None] = getattr(self, f"_{tree.data}")
        return make(tree)

    def _place(self, tree: Parsed) -> Place:
        return self._places.place(tree.meta.start_pos, tree.meta.end_pos)

    def _items(self, tree: Parsed) -> tuple[Condition, ...] | None:
        items = [self.condition(child) for child in tree.children if isinstance(child, Tree)]
        good = tuple(item for item in items if item is not None)
        return good if len(good) == len(items) else None

    def _disjunction(self, tree: Parsed) -> Condition | None:
        return self._combined(tree, AnyOf)

    def _conjunction(self, tree: Parsed) -> Condition | None:
        return self._combined(tree, All)

    def _negation(self, tree: Parsed) -> Condition | None:
        items = self._items(tree)
        return Not(items[0], self._place(tree)) if items else None

    def _combination(self, tree: Parsed) -> Condition | None:
        return self._combined(tree, COMBINATIONS[_token(tree, 0).type.lower()])

    def _combined(self, tree: Parsed, make: Callable[..., Condition]) -> Condition | None:
        items = self._items(tree)
        return make(items, self._place(tree)) if items else None

    def _ordering(self, tree: Parsed) -> Condition | None:
        operator = _token(_tree(tree, 1), 0).type.lower()
        return self._compare(tree, operator, self._operand(_tree(tree, 2)))

    def _membership(self, tree: Parsed) -> Condition | None:
        operator = "in" if len(tree.children) == 3 else "not_in"
        return self._compare(tree, operator, self._operand(_tree(tree, -1)))

    def _range(self, tree: Parsed) -> Condition | None:
        sides = [child for child in tree.children if isinstance(child, Tree)]
        if len(sides) == 1:
            return self._compare(tree, "between", self._operand(sides[0]))
        place = self._places.place(sides[0].meta.start_pos, sides[1].meta.end_pos)
        return self._compare(tree, "between", Operand(tuple(self._scalar(side) for side in sides), place))

    def _presence(self, tree: Parsed) -> Condition | None:
        operator = "exists" if len(tree.children) == 2 else "not_exists"
        return self._compare(tree, operator, Operand(None, self._place(tree), missing=True))

    def _compare(self, tree: Parsed, operator: str, operand: Operand | None) -> Condition | None:
        left = self._attribute(_token(tree, 0))
        if left is None or operand is None:
            return None
        return comparison(left, operator, operand, self._place(tree), self._report)

    def _operand(self, tree: Parsed) -> Operand | None:
        place = self._place(tree)
        if tree.data == "attribute":
            attribute = self._attribute(_token(tree, 0))
            return Operand(attribute, place) if attribute else None
        if tree.data == "list":
            items = [child for child in tree.children if isinstance(child, Tree)]
            return self._list(items, place)
        return Operand(self._scalar(tree), place)

    def _list(self, items: list[Parsed], place: Place) -> Operand | None:
        values = tuple(self._scalar(item) for item in items)
        empty = [item for item, value in zip(items, values, strict=True) if value is None]
        for item in empty:
            self._report.null_in_list(self._place(item))
        return None if empty else Operand(values, place)

    def _scalar(self, tree: Parsed) -> Any:
        token = _token(tree, 0)
        place = self._place(tree)
        match token.type:
            case "STRING":
                return unquote(token)
            case "NUMBER":
                return parse_number(str(token), place, self._report.limits, self._report.problems)
            case kind:
                return {"TRUE": True, "FALSE": False, "NULL": None}[kind]

    def _attribute(self, token: Token) -> Attribute | None:
        found = read_attribute(str(token))
        if not isinstance(found, Misread):
            return found
        start = token.start_pos or 0
        place = self._places.place(start + found.start, start + found.end)
        self._report.error(found.code, found.message, place, found.label, found.help)
        return None


def _token(tree: Parsed, index: int) -> Token:
    child = tree.children[index]
    assert isinstance(child, Token)
    return child


def _tree(tree: Parsed, index: int) -> Parsed:
    child = tree.children[index]
    assert isinstance(child, Tree)
    return child
