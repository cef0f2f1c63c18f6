"""Where an expectation stands, and what is told when it does not hold."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from shardwright.grammar.diagnostics import Diagnostic, Span
from shardwright.grammar.places import Place
from shardwright.grammar.tree import Array, Node, pointer
from shardwright.policies.checks.say import problem

# Notes, and further places.
Why = tuple[tuple[str, ...], tuple[Span, ...]]


@dataclass(frozen=True)
class Unmet:
    """An expectation that does not hold: what was expected, what is, and why as far as is known."""

    place: Place
    expected: str
    actual: str
    why: tuple[str, ...] = ()
    others: tuple[Span, ...] = ()
    # For reasons that take a while to find, asked only of what is shown.
    ask: Callable[[], Why] | None = None

    def diagnostic(self, more: int = 0) -> Diagnostic:
        """`expected ..., but ...` with the expectation underlined; `more` fail it in the same way."""
        message = f"expected {self.expected}, but {self.actual}"
        why, others = self.ask() if self.ask is not None else (self.why, self.others)
        rest = (f"{more} more like this are not shown",) if more else ()
        return Diagnostic("E8001", message, (Span(self.place, self.actual), *others), notes=(*why, *rest))


SHOWN = 3


def diagnostics(found: Iterable[Unmet]) -> list[Diagnostic]:
    """A few for each expectation: a glob or a scope may fail for a thousand shards."""
    by_place: dict[Place, list[Unmet]] = {}
    for item in found:
        by_place.setdefault(item.place, []).append(item)
    return [
        item.diagnostic(len(items) - SHOWN if at == SHOWN - 1 else 0)
        for items in by_place.values()
        for at, item in enumerate(items[:SHOWN])
    ]


@dataclass(frozen=True)
class Spot:
    """A value of the story's `expect`."""

    node: Node

    def at(self, *tokens: str | int) -> Spot:
        return Spot(self.node.find(pointer(*tokens)))

    def item(self, at: int) -> Spot:
        """An item of a list; where a single thing stands instead of a list, that thing."""
        return self.at(at) if isinstance(self.node, Array) else self

    @property
    def place(self) -> Place:
        return self.node.place

    def key(self, key: str) -> Place:
        """The place of a key, else of the value."""
        member = self.node.member(key) if hasattr(self.node, "member") else None
        return member.key_place if member is not None else self.place

    def misfit(self, message: str, way: str = "") -> Diagnostic:
        """The expectation says something that this story cannot be asked."""
        return problem("E1203", message, self.place, helps=[way])
