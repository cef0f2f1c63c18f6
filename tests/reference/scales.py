"""Exact numbers, and the powers of ten that make them whole."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from math import floor


def exact(number: int | float) -> Fraction:
    """The number that the user wrote: 0.1 is a tenth."""
    return Fraction(str(number))


def scale_of(numbers: Iterable[Fraction]) -> int:
    """The smallest power of ten, from 1 up, that makes every number whole."""
    wanted, scale = list(numbers), 1
    while any((number * scale).denominator != 1 for number in wanted):
        scale *= 10
    return scale


def rounded(number: Fraction) -> int:
    """The nearest whole number, a half upwards."""
    return floor(number + Fraction(1, 2))
