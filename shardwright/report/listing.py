"""Lists of policies and their versions, for people and for scripts."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from rich.console import Group, RenderableType
from rich.table import Table

from shardwright.keeping.listing import Listed
from shardwright.report.changes import STYLES, differences_lines
from shardwright.report.diff import diff_page as comparison_page
from shardwright.report.words import count, line, number
from shardwright.store.differences import STATE, Difference, differences
from shardwright.store.moments import Moment
from shardwright.store.rows import PolicyRow, VersionRow
from shardwright.store.times import spoken

if TYPE_CHECKING:
    from shardwright.solver.patterns.compare.witness import Comparison

SHORT_HASH = 12


def list_page(found: Sequence[Listed], last: int, now: datetime, moment: Moment | None) -> RenderableType:
    """A row for each policy."""
    ending = line(f"{count(len(found), 'policy', 'policies')}", f", {moment or f'change {last}'}")
    if not found:
        return ending
    table = _table("policy", "type")
    for heading in ("priority", "version"):
        table.add_column(heading, justify="right", no_wrap=True)
    for heading in ("state", "changed"):
        table.add_column(heading, no_wrap=True)
    for item in found:
        row, remark = item.row, item.remark(now)
        table.add_row(
            line((row.name, "cyan")),
            line(str(item.document.get("type", row.type))),
            line(number(int(item.document.get("priority", row.priority)))),
            line(number(row.version)),
            line((row.state, STYLES[row.state]), f", {remark}" if remark else ""),
            line(spoken(changed(row))),
        )
    return Group(table, ending)


def changed(row: PolicyRow | VersionRow) -> str:
    return row.created_at if isinstance(row, VersionRow) else row.updated_at


def list_document(found: Sequence[Listed], last: int, now: datetime) -> dict[str, Any]:
    return {"policies": [_listed(item, now) for item in found], "change": last}


def _listed(item: Listed, now: datetime) -> dict[str, Any]:
    row, document = item.row, item.document
    return {
        "name": row.name,
        "version": row.version,
        "type": document.get("type", row.type),
        "priority": document.get("priority", row.priority),
        "enforcement": document.get("enforcement", "yielding"),
        "state": row.state,
        "in_force": row.state == "active" and not item.remark(now),
        "remark": item.remark(now),
        "description": document.get("description", ""),
        "labels": document.get("labels", {}),
        "owner": document.get("owner", ""),
        "scope": document.get("scope"),
        "hash": row.hash,
        "updated_at": changed(row),
        "change": row.number,
    }


def history_page(versions: Sequence[VersionRow]) -> RenderableType:
    """Every version with what it changed."""
    lines: list[RenderableType] = []
    for before, row in zip([None, *versions], versions, strict=False):
        lines.append(
            line(
                (f"version {row.version}", "bold"),
                f"  {spoken(row.created_at)}  {row.action} by {row.author}, ",
                (row.state, STYLES[row.state]),
                f"  {row.hash[:SHORT_HASH]}  change {row.number}",
            )
        )
        if row.reason:
            lines.append(line("    why: ", row.reason))
        lines += [line(("    in spite of: ", "yellow"), text) for text in row.overrides]
        if before is not None:
            lines += differences_lines(between(before, row))
    return Group(*lines)


def history_document(versions: Sequence[VersionRow]) -> dict[str, Any]:
    return {"versions": [version_document(row) for row in versions]}


def version_document(row: VersionRow) -> dict[str, Any]:
    return {
        "version": row.version,
        "hash": row.hash,
        "created_at": row.created_at,
        "author": row.author,
        "reason": row.reason,
        "action": row.action,
        "state": row.state,
        "overrides": list(row.overrides),
        "change": row.number,
    }


def between(before: VersionRow, after: VersionRow) -> list[Difference]:
    """What differs in state and text."""
    moved = [Difference(STATE, before.state, after.state)] if before.state != after.state else []
    return [*moved, *differences(before.definition, after.definition)]


def diff_page(before: VersionRow, after: VersionRow, meaning: Comparison) -> RenderableType:
    """What differs in the texts of two versions, and what that means."""
    if before.version == after.version:
        return line(f"both are version {after.version} of `{after.name}`: there is nothing to compare")
    found = between(before, after)
    names = f"version {before.version} and version {after.version} of `{after.name}`"
    if not found:
        layout = "" if before.hash == after.hash else " (their texts differ in layout)"
        told: RenderableType = line(f"{names} say the same{layout}")
    else:
        told = Group(line(f"between {names}:"), *differences_lines(found))
    if not found and not meaning.changes:
        return told
    return Group(told, "", comparison_page(meaning, None, {}))


def diff_document(before: VersionRow, after: VersionRow, meaning: Comparison) -> dict[str, Any]:
    return {
        "policy": after.name,
        "old": version_document(before),
        "new": version_document(after),
        "differences": [item.as_json() for item in between(before, after)],
        "meaning": meaning.to_json(),
    }


def _table(*headings: str) -> Table:
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="dim")
    for heading in headings:
        table.add_column(heading)
    return table
