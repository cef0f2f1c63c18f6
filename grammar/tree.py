"""JSON with places: what the policy grammar produces."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from shardwright.grammar.places import Place

Plain = None | bool | int | float | str | list["Plain"] | dict[str, "Plain"]


@dataclass(frozen=True, slots=True)
class Node:
    """A JSON value with its place. Children differ by kind; see the subclasses."""

    place: Place = field(compare=False, repr=False)

    def plain(self) -> Plain:
        """The value as ordinary Python data."""
        raise NotImplementedError

    def child(self, token: str) -> Node | None:
        """The member or item that a JSON pointer token names, or None."""
        return None

    def find(self, pointer: str) -> Node:
        """The node at a JSON pointer, or the nearest enclosing one that exists."""
        node: Node = self
        for token in pointer_tokens(pointer):
            below = node.child(token)
            if below is None:
                return node
            node = below
        return node


@dataclass(frozen=True, slots=True)
class Leaf(Node):
    """A string, number, true, false or null."""

    value: bool | int | float | str | None

    def plain(self) -> Plain:
        return self.value


@dataclass(frozen=True, slots=True)
class Array(Node):
    items: tuple[Node, ...]

    def plain(self) -> Plain:
        return [item.plain() for item in self.items]

    def child(self, token: str) -> Node | None:
        return self.items[int(token)] if token.isdecimal() and int(token) < len(self.items) else None


@dataclass(frozen=True, slots=True)
class Member:
    """A key of an object: the key's own place (quotes included) and the value."""

    key: str
    key_place: Place = field(compare=False, repr=False)
    value: Node


@dataclass(frozen=True, slots=True)
class Object(Node):
    members: tuple[Member, ...]

    def plain(self) -> Plain:
        return {member.key: member.value.plain() for member in self.members}

    def member(self, key: str) -> Member | None:
        return next((member for member in self.members if member.key == key), None)

    def child(self, token: str) -> Node | None:
        member = self.member(token)
        return member.value if member else None

    def __iter__(self) -> Iterator[Member]:
        return iter(self.members)


def pointer_tokens(pointer: str) -> list[str]:
    """The unescaped tokens of a JSON pointer ("" has none)."""
    return [token.replace("~1", "/").replace("~0", "~") for token in pointer.split("/")[1:]]


def pointer(*tokens: str | int) -> str:
    """The JSON pointer of a path of tokens."""
    return "".join("/" + str(token).replace("~", "~0").replace("/", "~1") for token in tokens)
