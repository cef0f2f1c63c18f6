"""Executions, for people and for scripts."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from rich.console import Group, RenderableType
from rich.table import Table

from shardwright.report.headline import STYLES
from shardwright.report.words import count, line
from shardwright.store.rows import ExecutionRow, PolicyExecutionRow
from shardwright.store.times import spoken

SHORT_HASH = 12
# What an execution says of a policy, in words.
TOLD: dict[str, Callable[[Any], str]] = {"why": str, "cases": lambda number: count(number, "case")}


def executions_page(rows: Sequence[ExecutionRow | PolicyExecutionRow]) -> RenderableType:
    """A row for each, the last first."""
    if not rows:
        return line("no executions")
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="dim")
    table.add_column("id", justify="right", no_wrap=True)
    for heading in ("started", "status", "what"):
        table.add_column(heading)
    for row in rows:
        table.add_row(*_cells(row))
    return table


def _cells(row: ExecutionRow | PolicyExecutionRow) -> list[Any]:
    started = line(spoken(row.started_at))
    if isinstance(row, PolicyExecutionRow):
        told = "; ".join(TOLD[key](value) for key, value in row.result.items() if key in TOLD)
        what = f"version {row.version}" + (f": {told}" if told else "")
        return [line(str(row.execution_id)), started, line(row.status.replace("_", " ")), line(what)]
    what = f"{row.kind} by {row.author}, {count(len(row.policies), 'policy', 'policies')}, {_moves(row)}"
    return [line(str(row.id)), started, line((row.status, STYLES.get(row.status, ""))), line(what)]


def _moves(row: ExecutionRow) -> str:
    if row.summary["shards"] is None:
        return "no placement"
    return f"{count(row.summary['shards'], 'shard')}, {count(row.summary['moves'], 'move')}"


def execution_page(row: ExecutionRow) -> RenderableType:
    """One execution, with what it takes to do it again."""
    settings = {key: value for key, value in row.settings.items() if value is not None}
    facts = {
        "status": row.status,
        "started": spoken(row.started_at),
        "completed": spoken(row.completed_at),
        "by": row.author,
        "program": f"shardwright {row.program}",
        "policies": ", ".join(f"{name}@v{version}" for name, version in row.policies.items()) or "none",
        "policies hash": row.policies_hash[:SHORT_HASH],
        "cluster hash": row.cluster_hash[:SHORT_HASH],
        "settings": ", ".join(f"{key} {value}" for key, value in settings.items()),
        "answer": _moves(row),
    }
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), show_header=False)
    for key, value in facts.items():
        table.add_row(line("  ", key), line(value))
    return Group(line((f"execution {row.id}", "bold"), f", {row.kind}"), table)


def execution_document(row: ExecutionRow | PolicyExecutionRow) -> dict[str, Any]:
    return {name: getattr(row, name) for name in row.__struct_fields__}
