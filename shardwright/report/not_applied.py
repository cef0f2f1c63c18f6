"""Policies that took no part, and why."""

from __future__ import annotations

from rich.console import Group, RenderableType

from shardwright.report.words import count, line, quoted


def not_applied_section(not_applied: list[dict[str, str]]) -> RenderableType | None:
    if not not_applied:
        return None
    title = line(("Not applied", "bold"), f": {count(len(not_applied), 'policy', 'policies')}")
    return Group(
        title, *(line("  ", (quoted(item["policy"]), "yellow"), f": {item['why']}") for item in not_applied)
    )
