"""Sections of a page with a blank line between them."""

from __future__ import annotations

from collections.abc import Iterable

from rich.console import Group, RenderableType


def spaced(sections: Iterable[RenderableType | None]) -> Group:
    """Those sections that are there."""
    lines: list[RenderableType] = []
    for section in sections:
        if section is not None:
            lines += ["", section] if lines else [section]
    return Group(*lines)
