"""Words that expectations share."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from decimal import Decimal
from typing import Protocol

from shardwright.grammar.wording import listed


class Bounded(Protocol):
    @property
    def min(self) -> int | Decimal | None: ...

    @property
    def max(self) -> int | Decimal | None: ...


def names(words: Iterable[str], none: str = "none") -> str:
    """`a`, `b` and `c`."""
    return listed(list(words), "and") or none


def nodes(words: Collection[str]) -> str:
    """on `n1` and `n2`, or nowhere."""
    return f"on {names(words)}" if words else "nowhere"


def within(bounds: Bounded, value: int | Decimal) -> bool:
    return (bounds.min is None or value >= bounds.min) and (bounds.max is None or value <= bounds.max)


def between(bounds: Bounded) -> str:
    """`3`, `at least 2`, `at most 4`, `2 to 3`."""
    least, most = bounds.min, bounds.max
    if least is not None and least == most:
        return f"{least}"
    if most is None:
        return f"at least {least}"
    return f"{least} to {most}" if least else f"at most {most}"


def count(bounds: Bounded, noun: str) -> str:
    """`3 replicas`, `at least 2 replicas`, `at most 1 replica`."""
    last = bounds.max if bounds.max is not None else bounds.min
    return f"{between(bounds)} {noun if last == 1 else noun + 's'}"


def counted(value: int, noun: str) -> str:
    return f"{value} {noun}" if value == 1 else f"{value} {noun}s"
