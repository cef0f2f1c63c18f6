"""Where a shard must, may and can never be, for people."""

from __future__ import annotations

from typing import Any

from rich.console import Group, RenderableType

from shardwright.report.sections import hanging
from shardwright.report.why import nodes_in_words
from shardwright.report.words import count, line, listing, quoted

Document = dict[str, Any]

STYLES = {"must": "bold green", "may": "green", "never": "red", "undecided": "yellow"}
AMONG = {
    "admissible": "among all placements that keep the required rules",
    "optimal": "among the best placements",
}


def where_page(document: Document) -> RenderableType:
    """A line for each verdict that some node has."""
    lines: list[RenderableType] = [
        hanging(
            line("  ", (f"{verdict:<9} ", style)),
            line(f"{count(len(document[verdict]), 'node')}: ", _names(document, verdict)),
        )
        for verdict, style in STYLES.items()
        if document[verdict]
    ]
    none = [line("  there is no such placement")] if document["impossible"] else []
    stopped = document["limits"]
    limits = [line((f"  stopped by {listing(map(quoted, stopped))}", "dim"))] if stopped else []
    title = line((f"shard {quoted(document['shard'])}", "bold"), f" {AMONG[document['among']]}")
    return Group(title, *none, *lines, *limits)


def _names(document: Document, verdict: str) -> str:
    return nodes_in_words(document[verdict])
