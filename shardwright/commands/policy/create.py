"""`shardwright policy create`: new policies."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from shardwright import options, store_options
from shardwright.commands.policy.making import change

if TYPE_CHECKING:
    from shardwright.keeping.catalog import Catalog
    from shardwright.keeping.plans import Plan
    from shardwright.store.store import Store


@click.command("create")
@click.argument("paths", nargs=-1, required=True, metavar="FILE...")
@store_options.writing
@click.option("--draft", is_flag=True, help="Keep them, but not in force until `policy activate`.")
@store_options.override
@store_options.dry_run
@options.shape("human", "json")
def command(
    paths: tuple[str, ...],
    store: str,
    author: str,
    reason: str,
    wait: float,
    draft: bool,
    override: bool,
    dry_run: store_options.DryRun | None,
    shape: str,
) -> int:
    """Take policies from files into the store, which is made if there is none. All of them, or none.

    Exit codes: 0 done, 3 invalid policies, 5 they conflict with others, 7 a name is taken, or the store
    cannot be written.
    """
    from shardwright.keeping.documents import read_documents
    from shardwright.keeping.plans import plan_create

    documents, texts = read_documents(paths)
    by = store_options.now(author, reason)

    def plan(_: Store | None, catalog: Catalog) -> Plan:
        return plan_create(catalog, documents, texts, by, "draft" if draft else "active")

    return change(store, wait, dry_run, shape, "policy create", plan, override)
