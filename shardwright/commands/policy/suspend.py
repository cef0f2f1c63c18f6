"""`shardwright policy suspend`: policies rest."""

from __future__ import annotations

import click

from shardwright import options, store_options
from shardwright.commands.policy.steps import step


@click.command("suspend")
@click.argument("names", nargs=-1, required=True, metavar="NAME...")
@store_options.writing
@store_options.override
@store_options.dry_run
@options.shape("human", "json")
def command(
    names: tuple[str, ...],
    store: str,
    author: str,
    reason: str,
    wait: float,
    override: bool,
    dry_run: store_options.DryRun | None,
    shape: str,
) -> int:
    """Take policies out of force for a while. Answers name them as not applied."""
    return step("suspend", names, store, author, reason, wait, dry_run, shape, override)
