"""Audit records for people."""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import RenderableType
from rich.table import Table

from shardwright.report.words import line, some
from shardwright.store.rows import AuditRow
from shardwright.store.times import spoken

SHOWN = 3
SHORT_HASH = 12


def audit_page(rows: Sequence[AuditRow]) -> RenderableType:
    """A row for each record."""
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="dim")
    table.add_column("change", justify="right", no_wrap=True)
    for heading in ("when", "who", "what", "why", "hash"):
        table.add_column(heading, no_wrap=heading in ("when", "hash"))
    for row in rows:
        table.add_row(
            line(str(row.number)),
            line(spoken(row.at)),
            line(row.actor),
            line(" ".join([row.action, _subjects(row)]).strip()),
            line(_why(row)),
            line(row.hash[:SHORT_HASH]),
        )
    return table


def _subjects(row: AuditRow) -> str:
    names = [
        f"{subject['policy']}@v{subject['version']}" if "policy" in subject else f"#{subject['execution']}"
        for subject in row.subjects
        if "policy" in subject or "execution" in subject
    ]
    return some(names, SHOWN)


def _why(row: AuditRow) -> str:
    overrides = row.details.get("overrides", [])
    spite = f"in spite of: {'; '.join(overrides)}" if overrides else ""
    return " ".join(part for part in (row.reason, spite) if part)
