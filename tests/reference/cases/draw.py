"""Where a case takes its choices from: a seeded generator or hypothesis."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random
from typing import Protocol, TypeVar

T = TypeVar("T")


class Source(Protocol):
    def between(self, low: int, high: int) -> int:
        """A whole number, both ends included."""


class Draw:
    """Choices made of whole numbers; 0 is the plainest choice, so hypothesis shrinks towards it."""

    def __init__(self, source: Source) -> None:
        self.between = source.between

    def chance(self, percent: int) -> bool:
        return self.between(1, 100) > 100 - percent

    def pick(self, options: Sequence[T]) -> T:
        return options[self.between(0, len(options) - 1)]

    def some(self, options: Sequence[T], low: int, high: int) -> list[T]:
        """Between `low` and `high` different options, in their order."""
        left, most = list(range(len(options))), len(options)
        count = self.between(min(low, most), min(high, most))
        taken = [left.pop(self.between(0, len(left) - 1)) for _ in range(count)]
        return [options[i] for i in sorted(taken)]

    def weighted(self, options: dict[T, int]) -> T:
        """An option as often as its weight says."""
        at = self.between(1, sum(options.values()))
        for option, weight in options.items():
            at -= weight
            if at <= 0:
                return option
        raise AssertionError


class Seeded:
    """Choices that a seed decides."""

    def __init__(self, seed: int | str) -> None:
        self.random = Random(seed)

    def between(self, low: int, high: int) -> int:
        return self.random.randint(low, high)
