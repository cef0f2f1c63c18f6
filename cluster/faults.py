"""Collects what is wrong with a snapshot; places and suggestions are worked out only for what is shown."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass, field, replace

from shardwright.cluster.nearby import nearby
from shardwright.cluster.positions import Positions, locate
from shardwright.grammar.diagnostics import Diagnostic, DiagnosticError, Help, Span
from shardwright.grammar.places import Place, Source
from shardwright.grammar.spelling import did_you_mean
from shardwright.grammar.tree import pointer_tokens

SHOWN = 20

# Finds the positions of JSON pointers in a source.
Locator = Callable[[Source, list[str]], dict[str, Positions]]


def locate_whole(source: Source, pointers: list[str]) -> dict[str, Positions]:
    """For a source that is one JSON document."""
    return (
        locate(source.text, [tuple(pointer_tokens(pointer)) for pointer in pointers]) if source.text else {}
    )


@dataclass(frozen=True)
class Fault:
    """One thing wrong at a JSON pointer; `on_key` puts the mark below the key, not the value."""

    code: str
    pointer: str
    message: str
    helps: tuple[Help, ...] = ()
    on_key: bool = False
    data: dict[str, object] = field(default_factory=dict)


@dataclass
class Faults:
    """The first faults in full, the rest as a number."""

    shown: list[Fault] = field(default_factory=list)
    total: int = 0

    def add(
        self,
        code: str,
        pointer: str,
        message: str,
        *,
        on_key: bool = False,
        word: str = "",
        among: Collection[str] = (),
        patch: Callable[[str], dict[str, object]] | None = None,
        advice: str = "",
        **data: object,
    ) -> None:
        """Note a fault.

        `word` is what the user wrote, `among` what it may have meant, `patch` mends it; `advice` helps too.
        """
        self.total += 1
        if len(self.shown) >= SHOWN:
            return
        helps = _meant(word, among, patch) if word else ()
        helps += (Help(advice),) if advice else ()
        self.shown.append(Fault(code, pointer, message, helps, on_key, data))

    def raise_if_any(self, source: Source, locator: Locator = locate_whole) -> None:
        """Raise a DiagnosticError with everything noted so far."""
        if self.total:
            raise DiagnosticError(self._diagnostics(source, locator))

    def _diagnostics(self, source: Source, locator: Locator) -> list[Diagnostic]:
        places = locator(source, [fault.pointer for fault in self.shown])
        told = sorted((_diagnostic(fault, source, places) for fault in self.shown), key=_by_place)
        hidden = self.total - len(told)
        if hidden:
            told[-1] = replace(told[-1], notes=(f"{hidden} more errors are not shown",))
        return told


def _meant(
    word: str, among: Collection[str], patch: Callable[[str], dict[str, object]] | None
) -> tuple[Help, ...]:
    meant = did_you_mean(word, nearby(word, among))
    if meant is None:
        return ()
    return (Help(f"did you mean `{meant}`?", (patch(meant),) if patch else ()),)


def _diagnostic(fault: Fault, source: Source, places: dict[str, Positions]) -> Diagnostic:
    found = places.get(fault.pointer) or _nearest(fault.pointer, places)
    start, end = (found.key if fault.on_key else None) or found.value
    span = Span(Place(source, start, end, fault.pointer))
    return Diagnostic(fault.code, fault.message, (span,), helps=fault.helps, data=dict(fault.data))


def _by_place(diagnostic: Diagnostic) -> tuple[int, str, str]:
    return diagnostic.spans[0].place.start, diagnostic.code, diagnostic.message


def _nearest(pointer: str, places: dict[str, Positions]) -> Positions:
    """The nearest enclosing value: something that is missing has no place of its own."""
    while pointer and pointer not in places:
        pointer = pointer.rpartition("/")[0]
    return places.get(pointer, Positions((0, 0), None))
