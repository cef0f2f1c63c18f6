"""The infix spelling of conditions: text becomes the same tree that JSON spells out."""

from __future__ import annotations

import re
from typing import Any

Json = dict[str, Any]
TOKEN = re.compile(
    r"\s*(?P<token><=|>=|==|!=|<|>|[()\[\],]|'[^']*'|\"[^\"]*\"|-?\d+(\.\d+)?([eE][+-]?\d+)?|[A-Za-z_][\w.]*)"
)
SYMBOLS = {"<": "lt", "<=": "lte", ">": "gt", ">=": "gte", "==": "eq", "!=": "neq"}
WORDS = ("in", "contains", "matches", "between", "exists")


def parse(text: str) -> Json:
    """The condition tree; an attribute on the right stands as {"attribute": "node.zone"}."""
    reader = Reader(tokens(text))
    condition = either(reader)
    if reader.peek() is not None:
        raise ValueError(f"{text!r}: {reader.peek()!r} is left over")
    return condition


def tokens(text: str) -> list[str]:
    found, at = [], 0
    while text[at:].strip():
        token = TOKEN.match(text, at)
        if token is None:
            raise ValueError(f"{text!r}: cannot read {text[at:]!r}")
        found.append(token["token"])
        at = token.end()
    return found


class Reader:
    """Tokens, one after the other."""

    def __init__(self, tokens: list[str]) -> None:
        self.tokens = tokens
        self.at = 0

    def peek(self) -> str | None:
        return self.tokens[self.at] if self.at < len(self.tokens) else None

    def take(self, wanted: str | None = None) -> str:
        token = self.tokens[self.at]
        if wanted is not None and token != wanted:
            raise ValueError(f"{token!r} where {wanted!r} should be")
        self.at += 1
        return token

    def took(self, wanted: str) -> bool:
        """Take the token if it is the wanted one."""
        if self.peek() != wanted:
            return False
        self.at += 1
        return True


def either(reader: Reader) -> Json:
    items = [both(reader)]
    while reader.took("or"):
        items.append(both(reader))
    return items[0] if len(items) == 1 else {"any": items}


def both(reader: Reader) -> Json:
    items = [negation(reader)]
    while reader.took("and"):
        items.append(negation(reader))
    return items[0] if len(items) == 1 else {"all": items}


def negation(reader: Reader) -> Json:
    if reader.took("not"):
        return {"not": negation(reader)}
    if reader.peek() in ("all", "any", "none"):
        return combination(reader)
    if reader.took("("):
        inside = either(reader)
        reader.take(")")
        return inside
    return comparison(reader)


def combination(reader: Reader) -> Json:
    """`any(a, b)`, `all(a, b)`, `none(a, b)`."""
    key, items = reader.take(), []
    reader.take("(")
    while not reader.took(")"):
        items.append(either(reader))
        reader.took(",")
    return {key: items}


def comparison(reader: Reader) -> Json:
    metric, operator = reader.take(), take_operator(reader)
    return {"metric": metric, "operator": operator, "value": take_value(reader, operator)}


def take_operator(reader: Reader) -> str:
    token = reader.take()
    if token == "not":
        return "not_" + reader.take()
    if token in WORDS:
        return token
    return SYMBOLS[token]


def take_value(reader: Reader, operator: str) -> Any:
    if operator in ("exists", "not_exists"):
        return None
    if operator == "between" and reader.peek() != "[":
        low = operand(reader.take())
        reader.take("and")
        return [low, operand(reader.take())]
    return take_list(reader) if reader.peek() == "[" else operand(reader.take())


def take_list(reader: Reader) -> list[Any]:
    reader.take("[")
    items: list[Any] = []
    while not reader.took("]"):
        items.append(operand(reader.take()))
        reader.took(",")
    return items


def operand(token: str) -> Any:
    """A quoted text, true, false, a number, or the name of an attribute."""
    if token[0] in "'\"":
        return token[1:-1]
    if token in ("true", "false"):
        return token == "true"
    if token[0].isdigit() or token[0] == "-":
        return float(token) if set(token) & set(".eE") else int(token)
    return {"attribute": token}
