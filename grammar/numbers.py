"""Numbers as they are written, without the surprises of infinity and endless digits."""

from __future__ import annotations

from shardwright.grammar.diagnostics import Diagnostic, Help, Span
from shardwright.grammar.limits import Limits
from shardwright.grammar.places import Place
from shardwright.grammar.wording import quoted

INFINITY = float("inf")


def parse_number(raw: str, place: Place, limits: Limits, problems: list[Diagnostic]) -> int | float:
    """The value of a JSON number; 0 and an error where it is too long or no float can hold it."""
    most = limits.max_number_digits
    if len(raw) > most:
        digits = sum(char.isdigit() for char in raw)
        if digits > most:
            problems.append(_too_many_digits(raw, digits, most, place))
            return 0
    if raw.lstrip("-").isdigit():
        return int(raw)
    value = float(raw)
    lost = value == 0 and any(char in "123456789" for char in raw.lower().split("e")[0])
    if lost or abs(value) == INFINITY:
        problems.append(_out_of_range(raw, place, lost))
        return 0
    return value


def _too_many_digits(raw: str, digits: int, most: int, place: Place) -> Diagnostic:
    return Diagnostic(
        "E5003",
        f"the number {quoted(raw)} has {digits} digits, more than {most}",
        (Span(place, f"{digits} digits"),),
        notes=(f"the setting `max_number_digits` is {most}",),
        helps=(Help("round the number"),),
        data={"setting": "max_number_digits", "value": most},
    )


def _out_of_range(raw: str, place: Place, lost: bool) -> Diagnostic:
    size = "small" if lost else "large"
    edge = "nearer to 0 than 5e-324" if lost else "beyond 1.8e308"
    helps = (Help("write a number within range"),)
    return Diagnostic("E0012", f"the number {quoted(raw)} is too {size}", (Span(place, edge),), helps=helps)
