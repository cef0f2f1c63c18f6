"""Numbers and names as a reader wants them; every text from outside passes through here."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from rich.text import Text

from shardwright.grammar.wording import visible

Part = str | tuple[str, str]


def safe(text: str) -> str:
    """The text with everything spelled out that would move the cursor, recolour or turn the line around."""
    return visible(text)


def line(*parts: Part) -> Text:
    """One line from texts and (text, style) pairs."""
    made = Text()
    for part in parts:
        text, style = (part, "") if isinstance(part, str) else part
        made.append(safe(text), style)
    return made


def number(value: int) -> str:
    """12,345."""
    return f"{value:,}"


def count(value: int, noun: str, plural: str = "") -> str:
    """`1 shard`, `1,200 shards`, `no shards`."""
    shown = number(value) if value else "no"
    return f"{shown} {noun if value == 1 else plural or noun + 's'}"


def seconds(value: float) -> str:
    """0.42 s, 12.3 s, 95 s."""
    digits = 2 if value < 10 else 1 if value < 60 else 0
    return f"{value:.{digits}f} s"


def quoted(name: str) -> str:
    return f"`{name}`"


def listing(items: Iterable[str]) -> str:
    """`a`, `a and b`, `a, b and c`."""
    given = list(items)
    return given[0] if len(given) == 1 else ", ".join(given[:-1]) + " and " + given[-1] if given else ""


def some(items: Sequence[str], limit: int) -> str:
    """The first few of many: `a, b, c and 12 more`."""
    shown = ", ".join(items[:limit])
    return shown if len(items) <= limit else f"{shown} and {number(len(items) - limit)} more"
