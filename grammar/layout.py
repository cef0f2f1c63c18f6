"""JSON on the page: two spaces a level, and one line for whatever is short."""

from __future__ import annotations

from dataclasses import dataclass

WIDTH = 100
INDENT = "  "


@dataclass(frozen=True)
class Word:
    """A plain value, as it is written."""

    text: str


@dataclass(frozen=True)
class Listing:
    """An array or object; each part has the text of its key with the colon, or "" in an array.

    `open` ones stand on several lines however short they are.
    """

    brackets: str
    parts: tuple[tuple[str, Block], ...]
    open: bool = False


Block = Word | Listing


def lay_out(block: Block, indent: str = "", lead: int = 0) -> str:
    """The text of a block; `lead` columns of its first line are taken, and one is kept for a comma."""
    if isinstance(block, Word):
        return block.text
    line = one_line(block)
    if not block.parts or (not block.open and line is not None and lead + len(line) < WIDTH):
        return line or block.brackets
    return _many_lines(block, indent)


def one_line(block: Block) -> str | None:
    """A block on one line; None if something in it must stand on several."""
    if isinstance(block, Word):
        return block.text
    if block.open and block.parts:
        return None
    inside = [(key, one_line(part)) for key, part in block.parts]
    if any(line is None for _, line in inside):
        return None
    return block.brackets[0] + ", ".join(f"{key}{line}" for key, line in inside) + block.brackets[1]


def _many_lines(block: Listing, indent: str) -> str:
    deeper = indent + INDENT
    lines = [f"{deeper}{key}{lay_out(part, deeper, len(deeper) + len(key))}" for key, part in block.parts]
    return block.brackets[0] + "\n" + ",\n".join(lines) + f"\n{indent}{block.brackets[1]}"
