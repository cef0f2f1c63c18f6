"""Candidates for did-you-mean out of many: 100,000 shards are too many to measure one by one."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from string import ascii_letters, digits

MANY = 2_000

_LETTERS = ascii_letters + digits + "-_.:/"


def nearby(word: str, known: Collection[str]) -> list[str]:
    """All known words where they are few, else those one edit away."""
    if len(known) <= MANY:
        return list(known)
    return sorted(set(_one_edit(word)).intersection(known))


def _one_edit(word: str) -> Iterator[str]:
    for at in range(len(word) + 1):
        left, right = word[:at], word[at:]
        yield left + right[1:]
        yield left + right[1:2] + right[:1] + right[2:]
        for letter in _LETTERS:
            yield left + letter + right
            yield left + letter + right[1:]
