"""How a mistake in a document is worded: one vocabulary for every type that the models accept."""

from __future__ import annotations

from decimal import Decimal

from pydantic_core import PydanticCustomError


def kind_of(value: object) -> str:
    """What a JSON value is, in words: "a string", "true", "an empty list"."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float | Decimal):
        return f"the number {value}"
    if isinstance(value, str):
        return "a string" if value else "an empty string"
    if isinstance(value, list | tuple):
        return "a list" if value else "an empty list"
    return "an object" if value else "an empty object"


def expected(what: str, value: object) -> PydanticCustomError:
    """The error of a value that has the wrong type."""
    return PydanticCustomError(
        "expected", "expected {what}, got {got}", {"what": what, "got": kind_of(value)}
    )


def unknown_choice(value: str, choices: tuple[str, ...]) -> PydanticCustomError:
    """The error of a word that is none of the choices."""
    return PydanticCustomError("choice", "unknown word {word}", {"word": value, "choices": list(choices)})


def bad_text(what: str) -> PydanticCustomError:
    """The error of a string that does not have the form it should have."""
    return PydanticCustomError("text", "{what}", {"what": what})


def outside(bounds: str, value: object) -> PydanticCustomError:
    """The error of a number beyond its bounds."""
    return PydanticCustomError(
        "bounds", "must be {bounds}, is {value}", {"bounds": bounds, "value": str(value)}
    )
