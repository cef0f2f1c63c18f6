"""What activate, suspend and retire have in common."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from shardwright import store_options
from shardwright.commands.policy.making import change, existing

if TYPE_CHECKING:
    from shardwright.keeping.catalog import Catalog
    from shardwright.keeping.plans import Plan
    from shardwright.store.store import Store


def step(
    name: str,
    names: Sequence[str],
    folder: str,
    author: str,
    reason: str,
    wait: float,
    dry_run: store_options.DryRun | None,
    shape: str,
    override: bool = False,
) -> int:
    """Let policies take a step of their lives."""
    from shardwright.keeping.plans import plan_step

    by = store_options.now(author, reason)
    chosen = list(dict.fromkeys(names))

    def plan(opened: Store | None, catalog: Catalog) -> Plan:
        existing(opened, folder)
        return plan_step(name, catalog, chosen, by)

    return change(folder, wait, dry_run, shape, f"policy {name}", plan, override)
