"""`shardwright store`: the folder of a store as a whole."""

from __future__ import annotations

import click

from shardwright.lazy import LazyGroup

COMMANDS = ("info", "backup", "restore", "upgrade")


@click.group("store", cls=LazyGroup, home="shardwright.commands.store", names=COMMANDS)
def command() -> None:
    """Look after a store: what is in it, copies of it, its format."""
