"""`shardwright policy history`: all versions of a policy."""

from __future__ import annotations

import click

from shardwright import exit_codes, options, store_options


@click.command("history")
@click.argument("name")
@store_options.store
@options.shape("human", "json")
def command(name: str, store: str, shape: str) -> int:
    """Show every version of a policy, the oldest first: who made it, when and why, and what it changed."""
    from shardwright.output import print_json
    from shardwright.report.console import show
    from shardwright.report.listing import history_document, history_page
    from shardwright.store.open import read_store

    with read_store(store) as opened:
        versions = opened.history(name)
    if shape == "json":
        print_json(history_document(versions))
    else:
        show(history_page(versions))
    return exit_codes.OK
