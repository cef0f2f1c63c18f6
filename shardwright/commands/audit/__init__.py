"""`shardwright audit`: who changed what in a store, when and why, and whether it stands as written."""

from __future__ import annotations

import click

from shardwright.lazy import LazyGroup

COMMANDS = ("verify", "list", "export", "prune")


@click.group(
    "audit",
    cls=LazyGroup,
    home="shardwright.commands.audit",
    names=COMMANDS,
    modules={"list": "list_"},
)
def command() -> None:
    """Read and check the chain of records that every change of a store leaves."""
