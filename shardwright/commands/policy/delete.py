"""`shardwright policy delete`: policies go, and their versions stay."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from shardwright import options, store_options
from shardwright.commands.policy.making import change, existing

if TYPE_CHECKING:
    from shardwright.keeping.catalog import Catalog
    from shardwright.keeping.plans import Plan
    from shardwright.store.store import Store


@click.command("delete")
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
    """Delete policies. All their versions stay, and `policy rollback NAME --to N` brings one back.

    A policy that others extend cannot go before them.
    """
    from shardwright.keeping.plans import plan_delete

    by = store_options.now(author, reason)

    def plan(opened: Store | None, catalog: Catalog) -> Plan:
        existing(opened, store)
        return plan_delete(catalog, list(dict.fromkeys(names)), by)

    return change(store, wait, dry_run, shape, "policy delete", plan, override)
