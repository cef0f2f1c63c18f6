"""Did you mean: the nearest known word, within two edits."""

from __future__ import annotations

from collections.abc import Iterable

MOST_EDITS = 2
SHORTEST = 3


def did_you_mean(word: str, candidates: Iterable[str]) -> str | None:
    """The candidate that is nearest to a word: fewest edits first, then in alphabetical order.

    Words of one or two letters are near to everything and get no answer, and neither does a word
    that would have to change altogether.
    """
    if len(word) < SHORTEST:
        return None
    near = sorted((edits(word.lower(), known.lower()), known) for known in set(candidates) if known != word)
    return next((known for count, known in near if count <= MOST_EDITS and count < len(known)), None)


def edits(left: str, right: str) -> int:
    """The number of letters to insert, drop, change or swap with a neighbour (more than 2 count as 3)."""
    if abs(len(left) - len(right)) > MOST_EDITS:
        return MOST_EDITS + 1
    before: list[int] = []
    row = list(range(len(right) + 1))
    for at, letter in enumerate(left, start=1):
        before, row = row, _next_row(before, row, at, letter, left, right)
        if min(row) > MOST_EDITS:
            return MOST_EDITS + 1
    return min(row[-1], MOST_EDITS + 1)


def _next_row(before: list[int], above: list[int], at: int, letter: str, left: str, right: str) -> list[int]:
    row = [at]
    for column, other in enumerate(right, start=1):
        best = min(above[column] + 1, row[-1] + 1, above[column - 1] + (letter != other))
        swapped = at > 1 and column > 1 and letter == right[column - 2] and left[at - 2] == other
        row.append(min(best, before[column - 2] + 1) if swapped else best)
    return row
