"""One structured object for everything that Shardwright has to say about a user's text."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Literal

from shardwright.grammar.places import Place

Severity = Literal["error", "warning", "note"]


@dataclass(frozen=True)
class Span:
    """A place with the words that stand below it."""

    place: Place
    label: str = ""
    primary: bool = True


@dataclass(frozen=True)
class Help:
    """A way out; `patch` is a list of JSON patch operations, empty where words must do."""

    text: str
    patch: tuple[dict[str, object], ...] = ()


@dataclass(frozen=True)
class Diagnostic:
    """The codes are in docs/codes/. `message` is lower case, without a full stop, words in backticks."""

    code: str
    message: str
    spans: tuple[Span, ...] = ()
    severity: Severity = "error"
    policy: str | None = None
    version: int | None = None
    notes: tuple[str, ...] = ()
    helps: tuple[Help, ...] = ()
    data: dict[str, object] = field(default_factory=dict)

    @property
    def docs(self) -> str:
        return f"docs/codes/{self.code}.md"


class DiagnosticError(Exception):
    """Input that cannot be used. `diagnostics` says why; `exit_code` is the command line's."""

    def __init__(self, diagnostics: list[Diagnostic], exit_code: int = 3) -> None:
        super().__init__("; ".join(diagnostic.message for diagnostic in diagnostics))
        self.diagnostics = diagnostics
        self.exit_code = exit_code


def primary_place(diagnostic: Diagnostic) -> Place | None:
    """The place of the first primary span; of the first span at all if none is primary."""
    spans = sorted(diagnostic.spans, key=lambda span: not span.primary)
    return spans[0].place if spans else None


def sort_diagnostics(diagnostics: Iterable[Diagnostic]) -> list[Diagnostic]:
    """By file, place and code; equal ones are kept once. The order of the input plays no part."""
    unique = {_order(diagnostic): diagnostic for diagnostic in diagnostics}
    return [unique[key] for key in sorted(unique)]


def _order(diagnostic: Diagnostic) -> tuple[str, int, int, str, str, str]:
    place = primary_place(diagnostic)
    file, start, end = (place.file, place.start, place.end) if place else ("", 0, 0)
    others = repr([(span.place.file, span.place.start, span.label) for span in diagnostic.spans])
    rest = f"{diagnostic.policy} {others} {diagnostic.notes} {diagnostic.helps}"
    return file, start, end, diagnostic.code, diagnostic.message, rest
