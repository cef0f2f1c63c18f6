"""Short ways to make a diagnostic."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from shardwright.grammar.diagnostics import Diagnostic, Help, Severity, Span
from shardwright.grammar.places import Place
from shardwright.grammar.spelling import did_you_mean

Helps = Iterable[str | None]


def problem(
    code: str,
    message: str,
    place: Place,
    label: str = "",
    *,
    policy: str | None = None,
    helps: Helps = (),
    notes: Sequence[str] = (),
    others: Sequence[tuple[Place, str]] = (),
    severity: Severity = "error",
) -> Diagnostic:
    """A diagnostic at a place, with further places in `others`; None among `helps` is left out."""
    spans = (Span(place, label), *(Span(other, words, primary=False) for other, words in others))
    ways_out = tuple(Help(text) for text in helps if text)
    return Diagnostic(code, message, spans, severity, policy, None, tuple(notes), ways_out)


def warning(code: str, message: str, place: Place, label: str = "", **more: object) -> Diagnostic:
    """The same as a warning."""
    return problem(code, message, place, label, severity="warning", **more)  # type: ignore[arg-type]


def meant(word: str, candidates: Iterable[str]) -> str | None:
    """The help text "did you mean ..."; None if nothing is near."""
    near = did_you_mean(word, list(candidates))
    return f"did you mean `{near}`?" if near else None
