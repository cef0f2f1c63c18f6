"""`shardwright policy`: policies in a store, with all their versions."""

from __future__ import annotations

import click

from shardwright.lazy import LazyGroup

COMMANDS = (
    "create",
    "update",
    "get",
    "list",
    "history",
    "diff",
    "rollback",
    "delete",
    "activate",
    "suspend",
    "retire",
    "executions",
    "export",
    "import",
)


@click.group(
    "policy",
    cls=LazyGroup,
    home="shardwright.commands.policy",
    names=COMMANDS,
    modules={"import": "import_", "list": "list_"},
)
def command() -> None:
    """Keep policies in a store: every version, who made it and why, and the way back."""
