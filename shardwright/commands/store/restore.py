"""`shardwright store restore`: a store from a backup."""

from __future__ import annotations

import click

from shardwright import exit_codes, store_options
from shardwright.commands.store.copying import copy


@click.command("restore")
@click.argument("backup", metavar="BACKUP")
@store_options.store
def command(backup: str, store: str) -> int:
    """Make a store in a new folder from a backup, and check it. Nothing is ever overwritten."""
    copy(backup, store, "restore")
    return exit_codes.OK
