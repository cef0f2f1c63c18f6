"""Conditions in words that fit a sentence (for text that is parsed again, see `respell`)."""

from __future__ import annotations

from shardwright.grammar.syntax import SYMBOLS, All, AnyOf, Comparison, Condition, NoneOf, Not


def spell(condition: Condition) -> str:
    """A condition as infix text, for remarks and reasons."""
    match condition:
        case Comparison(attribute=attribute, operator=operator, value=value):
            if operator in ("exists", "not_exists"):
                return f"{attribute} {SYMBOLS[operator]}"
            return f"{attribute} {SYMBOLS[operator]} {spell_value(value)}"
        case Not(item=item):
            return f"not ({spell(item)})"
        case NoneOf(items=items):
            return "not (" + " or ".join(spell(item) for item in items) + ")"
        case AnyOf(items=items):
            return "(" + " or ".join(spell(item) for item in items) + ")"
        case All(items=items):
            return "(" + " and ".join(spell(item) for item in items) + ")"


def spell_value(value: object) -> str:
    if isinstance(value, tuple):
        return "[" + ", ".join(spell_value(item) for item in value) + "]"
    if isinstance(value, bool):
        return str(value).lower()
    return f"'{value}'" if isinstance(value, str) else str(value)
