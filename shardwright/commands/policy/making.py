"""The way of every command that changes policies: read, plan, check, make or preview, tell."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

import click

from shardwright import exit_codes
from shardwright.store_options import DryRun, planning

if TYPE_CHECKING:
    from shardwright.cluster.cluster import Cluster
    from shardwright.keeping.carry_out import Outcome
    from shardwright.keeping.catalog import Catalog
    from shardwright.keeping.plans import Plan
    from shardwright.store.store import Store

MOST_WARNINGS = 10  # on a terminal; JSON has them all

MakePlan = Callable[["Store | None", "Catalog"], "Plan"]


def change(
    folder: str,
    wait: float,
    dry_run: DryRun | None,
    shape: str,
    doing: str,
    make_plan: MakePlan,
    override: bool = False,
) -> int:
    """Plan a change of the store in a folder, make it unless it is a dry run, and tell it."""
    from shardwright.keeping.carry_out import carry_out, preview, refuse_errors
    from shardwright.keeping.catalog import Catalog
    from shardwright.keeping.conflicts import with_conflicts
    from shardwright.keeping.meaning import meaning
    from shardwright.report.progress import progress

    snapshot = _snapshot(dry_run)
    with planning(folder, dry_run=dry_run, wait=wait, doing=doing) as store:
        catalog = Catalog.of(store) if store is not None else Catalog({})
        plan = make_plan(store, catalog)
        refuse_errors(plan)
        if override and not plan.request.by.reason:
            raise click.UsageError("--override needs a reason, which is kept: --reason TEXT")
        with progress("looking for conflicts"):
            plan = with_conflicts(plan, catalog, override)
        if dry_run:
            outcome = preview(plan, store)
            with progress("looking for what it means"):
                outcome = replace(outcome, meaning=meaning(plan, catalog, snapshot))
        else:
            outcome = carry_out(plan, store, folder, wait)
    tell(outcome, shape, folder)
    return exit_codes.OK


def _snapshot(dry_run: DryRun | None) -> Cluster | None:
    from shardwright.cluster.load import load_cluster

    return None if dry_run is None or dry_run.cluster is None else load_cluster(dry_run.cluster)


def tell(outcome: Outcome, shape: str, folder: str) -> None:
    """Warnings on stderr, then what was changed."""
    from shardwright.keeping.carry_out import document
    from shardwright.keeping.plans import warnings
    from shardwright.output import print_json
    from shardwright.report.changes import change_page
    from shardwright.report.console import show
    from shardwright.report.diagnostics import show as show_diagnostics

    if shape == "json":
        print_json(document(outcome))
        return
    if found := warnings(outcome.plan):
        show_diagnostics(found[:MOST_WARNINGS], "human")
    if (more := len(found) - MOST_WARNINGS) > 0:
        click.echo(
            f"and {more:,} more: `shardwright conflicts --store {folder}`, or `--format json`", err=True
        )
    show(change_page(outcome))


def existing(store: Store | None, folder: str) -> Store:
    """The store, where a command needs one."""
    from shardwright.store.faults import missing

    if store is None:
        raise missing(folder)
    return store
