"""Small things that messages share."""

from __future__ import annotations

from collections.abc import Sequence

LONGEST = 40


def quoted(text: object) -> str:
    """The user's words in backticks, cut to one short line."""
    words = str(text).replace("\n", "\\n").replace("\r", "\\r").replace("\t", "\\t")
    return f"`{words}`" if len(words) <= LONGEST else f"`{words[: LONGEST - 3]}...`"


def listed(words: Sequence[str], last: str = "or") -> str:
    """`a`, `b` or `c`: names in backticks."""
    marked = [f"`{word}`" for word in words]
    if len(marked) < 2:
        return "".join(marked)
    return f"{', '.join(marked[:-1])} {last} {marked[-1]}"
