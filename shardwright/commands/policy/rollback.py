"""`shardwright policy rollback`: policies become again what they were, as new versions."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from shardwright import options, store_options
from shardwright.commands.policy.making import change, existing

if TYPE_CHECKING:
    from shardwright.keeping.catalog import Catalog, Kept
    from shardwright.keeping.plans import Plan
    from shardwright.store.store import Store


@click.command("rollback")
@click.argument("names", nargs=-1, metavar="[NAME...]")
@store_options.writing
@options.limit("--to", "N", "The version to go back to, of one policy.")
@store_options.at
@click.option("--all", "everything", is_flag=True, help="All policies of the store.")
@store_options.override
@store_options.dry_run
@options.shape("human", "json")
def command(
    names: tuple[str, ...],
    store: str,
    author: str,
    reason: str,
    wait: float,
    to: int | None,
    at: str | None,
    everything: bool,
    override: bool,
    dry_run: store_options.DryRun | None,
    shape: str,
) -> int:
    """Go back: one policy to a version, or policies (or all) to a change or a time. Nothing is lost.

    What is gone back to becomes the newest version. Policies that were not there yet are deleted, deleted
    ones come back. All of them, or none; `--dry-run` shows what it means.
    """
    from shardwright.keeping.plans import plan_rollback

    _refuse_unclear(names, to, at, everything)
    by = store_options.now(author, reason)

    def plan(opened: Store | None, catalog: Catalog) -> Plan:
        found = existing(opened, store)
        targets = _targets(found, names, to, at)
        goal = f"version {to}" if to is not None else str(store_options.moment_of(found, at))
        return plan_rollback(found, catalog, targets, by, {"to": goal})

    return change(store, wait, dry_run, shape, "policy rollback", plan, override)


def _refuse_unclear(names: tuple[str, ...], to: int | None, at: str | None, everything: bool) -> None:
    if (to is None) == (at is None):
        raise click.UsageError(
            "go back to what? --to N, or --at CHANGE|TIME (`policy history NAME` shows both)"
        )
    if everything == bool(names):
        raise click.UsageError("which policies? NAME..., or --all")
    if to is not None and len(names) != 1:
        raise click.UsageError("--to N speaks of one policy; use --at for several")


def _targets(store: Store, names: tuple[str, ...], to: int | None, at: str | None) -> dict[str, Kept | None]:
    from shardwright.keeping.plans import targets_at

    if to is not None:
        return {names[0]: store.version(names[0], to)}
    moment = store_options.moment_of(store, at)
    assert moment is not None
    return targets_at(store, list(dict.fromkeys(names)) or store.all_names(), moment)
