"""The small types that documents are made of. Strict: no "3" for 3 and no true for 1."""

from __future__ import annotations

import re
from datetime import datetime
from decimal import Decimal
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict

from shardwright.policies.models.words import bad_text, expected, outside, unknown_choice

Raw = Any  # plain JSON data, kept as it stands
MOST = 1_000_000
RFC3339 = re.compile(r"\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d:\d\d(\.\d{1,9})?([Zz]|[+-]\d\d:\d\d)", re.ASCII)


class Part(BaseModel):
    """A part of a document: read only, and every key known."""

    model_config = ConfigDict(frozen=True, extra="forbid", arbitrary_types_allowed=True)


def whole(least: int, most: int) -> BeforeValidator:
    """A whole number from `least` to `most`."""

    def validate(value: object) -> int:
        if isinstance(value, bool) or not isinstance(value, int):
            raise expected("a whole number", value)
        if not least <= value <= most:
            raise outside(f"from {least} to {most}", value)
        return value

    return BeforeValidator(validate)


def number(least: int, most: int | None = None) -> BeforeValidator:
    """A number from `least` to `most`, exact: what stands in the text, not its nearest float."""
    bounds = f"{least} or more" if most is None else f"from {least} to {most}"

    def validate(value: object) -> Decimal:
        if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
            raise expected("a number", value)
        exact = Decimal(str(value))
        if not exact.is_finite() or exact < least or exact > (10**12 if most is None else most):
            raise outside(bounds if exact < least or most is not None else f"at most {10**12}", value)
        return exact

    return BeforeValidator(validate)


def one_of(*choices: str) -> BeforeValidator:
    """One of a few words."""

    def validate(value: object) -> str:
        if not isinstance(value, str):
            raise expected("one of " + ", ".join(f"`{choice}`" for choice in choices), value)
        if value not in choices:
            raise unknown_choice(value, choices)
        return value

    return BeforeValidator(validate)


def _text(value: object) -> str:
    if not isinstance(value, str) or not value:
        raise expected("a string", value)
    return value


def _flag(value: object) -> bool:
    if not isinstance(value, bool):
        raise expected("true or false", value)
    return value


def _texts(value: object) -> tuple[object, ...]:
    if isinstance(value, str):
        return (value,)
    if not isinstance(value, list | tuple):
        raise expected("a string or a list of strings", value)
    return tuple(value)


def _things(value: object) -> tuple[object, ...]:
    if isinstance(value, dict | BaseModel):
        return (value,)
    if not isinstance(value, list | tuple):
        raise expected("an object or a list of objects", value)
    return tuple(value)


def _object(value: object) -> dict[str, object]:
    if not isinstance(value, dict):
        raise expected("an object", value)
    return value


def _name(value: object) -> str:
    name = _text(value)
    if len(name) > 200:
        raise bad_text(f"a name has at most 200 characters, this one has {len(name)}")
    if not name.isprintable() or name != name.strip():
        raise bad_text("a name has no control characters and does not begin or end with a space")
    return name


def _time(value: object) -> datetime:
    if isinstance(value, datetime):
        return value
    text = _text(value)
    if not RFC3339.fullmatch(text):
        raise bad_text(f'`{text}` is not a time such as "2026-11-01T00:00:00Z" (RFC 3339, with its zone)')
    try:
        return datetime.fromisoformat(text.upper())
    except ValueError as error:
        raise bad_text(f"`{text}` is not a time: {error}") from None


Text = Annotated[str, BeforeValidator(_text)]
AnyText = Annotated[str, BeforeValidator(lambda value: value if value == "" else _text(value))]
Name = Annotated[str, BeforeValidator(_name)]
Flag = Annotated[bool, BeforeValidator(_flag)]
Time = Annotated[datetime, BeforeValidator(_time)]
Texts = Annotated[tuple[Text, ...], BeforeValidator(_texts)]
Names = Annotated[tuple[Name, ...], BeforeValidator(_texts)]

Count = Annotated[int, whole(0, MOST)]
Positive = Annotated[int, whole(1, MOST)]
PreferenceWeight = Annotated[int, whole(-MOST, MOST)]
Amount = Annotated[Decimal, number(0)]
Share = Annotated[Decimal, number(0, 100)]

# A selector is kept as plain data: `policies.selectors` parses it, with places.
JustObject = BeforeValidator(_object)
Selector = Annotated[dict[str, Raw], JustObject]

OneOrMore = BeforeValidator(_things)
