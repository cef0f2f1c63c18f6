"""Load bars: how full something is, and how full it was."""

from __future__ import annotations

import math

from rich.text import Text

HOT, FULL = 0.9, 1.0

# A cell without its bar, `  71 %  was 93`, and a gap.
NUMBERS = 16


def cell(share: float, was: float, width: int) -> Text:
    """`███████░░░  71 %  was 93`; a `!` marks what is over its capacity, so colour is never needed."""
    if math.isnan(share):
        return Text("-".rjust(width + 3))
    text = Text(f"{bar(share, width)} {percent(share)}{'!' if over(share) else ' '}", style(share))
    if percent(share) != percent(was) and not math.isnan(was):
        text.append(f" was {percent(was).removesuffix('%').strip()}", "dim")
    return text


def number_cell(share: float, was: float, width: int) -> Text:
    """The same without a bar, in line with cells that have one."""
    return Text(" " * width) + cell(share, was, 0)


def bar(share: float, width: int) -> str:
    """A bar never looks empty or full unless it is."""
    filled = math.floor(min(share, 1.0) * width + 0.5)
    if width and 0 < share < 1:
        filled = min(max(filled, 1), width - 1)
    return "█" * filled + "░" * (width - filled)


def percent(share: float) -> str:
    """71 %, right-aligned; never `100 %` for less, nor for more."""
    if math.isnan(share):
        return "   -"
    rounded = round(share * 100)
    if rounded == 100 and not math.isclose(share, FULL):
        rounded += 1 if share > FULL else -1
    return f"{rounded:3d} %"


def over(share: float) -> bool:
    """Above capacity, by more than the noise of adding floats."""
    return share > FULL and not math.isclose(share, FULL)


def style(share: float) -> str:
    return "bold red" if over(share) else "yellow" if share > HOT else "green"
