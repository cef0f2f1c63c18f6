"""`shardwright policy import`: policies as they are in files, whether new or not."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from shardwright import options, store_options
from shardwright.commands.policy.making import change

if TYPE_CHECKING:
    from shardwright.keeping.catalog import Catalog
    from shardwright.keeping.plans import Plan
    from shardwright.store.store import Store


@click.command("import")
@click.argument("paths", nargs=-1, required=True, metavar="PATH...")
@store_options.writing
@store_options.override
@store_options.dry_run
@options.shape("human", "json")
def command(
    paths: tuple[str, ...],
    store: str,
    author: str,
    reason: str,
    wait: float,
    override: bool,
    dry_run: store_options.DryRun | None,
    shape: str,
) -> int:
    """Create or update policies so that they are as in files and folders. All of them, or none.

    Policies that are in the store and not in the files stay as they are.
    """
    from shardwright.keeping.documents import read_documents
    from shardwright.keeping.plans import plan_import

    documents, texts = read_documents(paths)
    by = store_options.now(author, reason)

    def plan(_: Store | None, catalog: Catalog) -> Plan:
        return plan_import(catalog, documents, texts, by)

    return change(store, wait, dry_run, shape, "policy import", plan, override)
