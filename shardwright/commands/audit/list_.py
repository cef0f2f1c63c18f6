"""`shardwright audit list`: who changed what, when and why."""

from __future__ import annotations

from itertools import islice

import click

from shardwright import exit_codes, options, store_options


@click.command("list")
@store_options.store
@options.limit("--limit", "N", "At most so many, the last first.", default=50)
@options.shape("human", "json")
def command(store: str, limit: int, shape: str) -> int:
    """List the audit records of a store, the last first."""
    from shardwright.output import print_json
    from shardwright.report.audit import audit_page
    from shardwright.report.console import show
    from shardwright.store.chain import as_json
    from shardwright.store.open import read_store

    with read_store(store) as opened:
        rows = list(islice(opened.audit(reverse=True), limit))
    if shape == "json":
        print_json({"records": [as_json(row) for row in rows]})
    else:
        show(audit_page(rows))
    return exit_codes.OK
