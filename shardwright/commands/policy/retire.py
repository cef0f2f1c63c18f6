"""`shardwright policy retire`: policies have had their day."""

from __future__ import annotations

import click

from shardwright import options, store_options
from shardwright.commands.policy.steps import step


@click.command("retire")
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
    """Take policies out of force for good. They stay in the store, and answers do not mention them."""
    return step("retire", names, store, author, reason, wait, dry_run, shape, override)
