"""`shardwright policy update`: the next version of policies."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from shardwright import options, store_options
from shardwright.commands.policy.making import change, existing

if TYPE_CHECKING:
    from shardwright.keeping.catalog import Catalog
    from shardwright.keeping.plans import Plan
    from shardwright.store.store import Store


@click.command("update")
@click.argument("paths", nargs=-1, required=True, metavar="FILE...")
@store_options.writing
@options.limit("--if-version", "N", "Only if this is still the newest version; default: whatever is there.")
@store_options.override
@store_options.dry_run
@options.shape("human", "json")
def command(
    paths: tuple[str, ...],
    store: str,
    author: str,
    reason: str,
    wait: float,
    if_version: int | None,
    override: bool,
    dry_run: store_options.DryRun | None,
    shape: str,
) -> int:
    """Make the next version of policies that the store has. All of them, or none.

    Exit codes: 0 done, 3 invalid policies, 5 they conflict with others, 7 there is no such policy, somebody
    else was faster, or the store cannot be written.
    """
    from shardwright.keeping.documents import read_documents
    from shardwright.keeping.plans import plan_update

    documents, texts = read_documents(paths)
    if if_version is not None and len(documents) > 1:
        raise click.UsageError("--if-version speaks of one policy; these are several")
    by = store_options.now(author, reason)

    def plan(opened: Store | None, catalog: Catalog) -> Plan:
        existing(opened, store)
        return plan_update(catalog, documents, texts, by, if_version)

    return change(store, wait, dry_run, shape, "policy update", plan, override)
