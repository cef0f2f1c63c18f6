"""`shardwright audit prune`: retention."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from shardwright import exit_codes, options, store_options

if TYPE_CHECKING:
    from shardwright.store.store import Store


@click.command("prune")
@store_options.writing
@click.option("--before", required=True, metavar="TIME", help="What is older than this is let go.")
@click.option(
    "--output",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    help="Write the audit records to this file first, as `audit export` does.",
)
@click.option("--discard", is_flag=True, help="Let them go without a file.")
@options.shape("human", "json")
def command(
    store: str,
    author: str,
    reason: str,
    wait: float,
    before: str,
    output: Path | None,
    discard: bool,
    shape: str,
) -> int:
    """Let go of audit records and executions from before a time. Policies keep all their versions.

    The chain goes on from the last record that went; that they went is a record, too.
    """
    from shardwright.output import print_json
    from shardwright.report.words import count
    from shardwright.store.open import write_store

    if (output is None) != discard:
        raise click.UsageError("where do the records go? --output FILE, or --discard")
    time = store_options.stamp_of(before)
    by = store_options.now(author, reason)
    with write_store(store, wait_seconds=wait, doing="audit prune") as opened:
        through = _last_before(opened, time)
        if through and output is not None:
            _export(opened, through, output)
        executions = opened.let_go_executions(time, by)
        records = opened.let_go_audit(through, by) if through else 0
    if shape == "json":
        print_json({"records": records, "executions": executions})
    else:
        told = f"{count(records, 'audit record')} and {count(executions, 'execution')}"
        click.echo(f"{told} let go")
    return exit_codes.OK


def _last_before(store: Store, time: str) -> int:
    """The number of the last audit record before a time; the very last of all always stays."""
    last = 0
    head = store.number
    for row in store.audit():
        if row.at >= time or row.number == head:
            break
        last = row.number
    return last


def _export(store: Store, through: int, output: Path) -> None:
    from itertools import takewhile

    from shardwright.output import save_text
    from shardwright.store.exported import export_lines

    rows = takewhile(lambda row: row.number <= through, store.audit())
    save_text(b"".join(export_lines(rows)).decode(), output)
