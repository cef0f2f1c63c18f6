"""`shardwright store upgrade`: a store of an older format."""

from __future__ import annotations

import click

from shardwright import exit_codes, store_options


@click.command("upgrade")
@store_options.writing
def command(store: str, author: str, reason: str, wait: float) -> int:
    """Bring a store to the format of this version of Shardwright. Make a backup first.

    Each step is one atomic change: a crash leaves the older format or the newer one.
    """
    from shardwright.store.formats import CURRENT
    from shardwright.store.open import upgrade_store

    passed = upgrade_store(store, store_options.now(author, reason), wait_seconds=wait)
    told = "has format" if not passed else "now has format"
    click.echo(f"the store in {store} {told} {CURRENT}")
    return exit_codes.OK
