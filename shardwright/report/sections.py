"""Sections of a page with a blank line between them."""

from __future__ import annotations

from collections.abc import Iterable

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text


def spaced(sections: Iterable[RenderableType | None]) -> Group:
    """Those sections that are there."""
    lines: list[RenderableType] = []
    for section in sections:
        if section is not None:
            lines += ["", section] if lines else [section]
    return Group(*lines)


def indented(text: Text, columns: int) -> Padding:
    """A line that may be long: what does not fit stands below its beginning."""
    return Padding(text, (0, 0, 0, columns))


def hanging(lead: Text, text: Text) -> Table:
    """The same behind a mark."""
    row = Table.grid(padding=0)
    row.add_column(width=lead.cell_len)
    row.add_column(overflow="fold")
    row.add_row(lead, text)
    return row
