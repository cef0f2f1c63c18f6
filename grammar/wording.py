"""Small things that messages share."""

from __future__ import annotations

import re
from collections.abc import Sequence

LONGEST = 40
_SHORT = {"\n": "\\n", "\r": "\\r", "\t": "\\t"}
# Controls, invisible marks that turn or hide the text around them, and halves of characters.
_UNSEEN = re.compile(
    "[\x00-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ud800-\udfff\ufff9-\ufffb]"
)


def visible(text: str) -> str:
    """A text that no terminal obeys: what cannot be seen is written as an escape."""
    return _UNSEEN.sub(lambda match: _SHORT.get(match[0], f"\\u{ord(match[0]):04x}"), text)


def quoted(text: object) -> str:
    """The user's words in backticks, cut to one short line."""
    words = visible(str(text))
    return f"`{words}`" if len(words) <= LONGEST else f"`{words[: LONGEST - 3]}...`"


def listed(words: Sequence[str], last: str = "or") -> str:
    """`a`, `b` or `c`: names in backticks."""
    marked = [f"`{word}`" for word in words]
    if len(marked) < 2:
        return "".join(marked)
    return f"{', '.join(marked[:-1])} {last} {marked[-1]}"
