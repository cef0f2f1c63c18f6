"""`shardwright audit export`: the audit records as JSON Lines."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from shardwright import exit_codes, options, store_options


@click.command("export")
@store_options.store
@click.option(
    "--output", type=click.Path(dir_okay=False, path_type=Path), metavar="FILE", help="Write to FILE."
)
@options.limit("--from", "N", "From this record on.", default=1)
def command(store: str, output: Path | None, **start: int) -> int:
    """Write every audit record as one line of JSON; `audit verify --file` checks it without a store."""
    from shardwright.output import save_text
    from shardwright.store.exported import export_lines
    from shardwright.store.open import read_store

    with read_store(store) as opened:
        text = b"".join(export_lines(opened.audit(start["from"])))
    if output is None:
        sys.stdout.write(text.decode())
        sys.stdout.flush()
    else:
        save_text(text.decode(), output)
        click.echo(f"{len(text.splitlines())} records in {output}")
    return exit_codes.OK
