"""`shardwright store backup`: a copy, while others write."""

from __future__ import annotations

import click

from shardwright import exit_codes, store_options
from shardwright.commands.store.copying import copy


@click.command("backup")
@click.argument("target", metavar="DIR")
@store_options.store
def command(target: str, store: str) -> int:
    """Copy a store into a new folder, as it is at this moment; others may write meanwhile.

    The copy is checked as `audit verify` does, and it is a store: it can be read where it lies.
    """
    copy(store, target, "backup")
    return exit_codes.OK
