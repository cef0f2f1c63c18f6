"""`shardwright policy diff`: what differs between two versions of a policy."""

from __future__ import annotations

import click

from shardwright import exit_codes, options, store_options


@click.command("diff")
@click.argument("name")
@click.argument("old", required=False, type=int, metavar="[OLD]")
@click.argument("new", required=False, type=int, metavar="[NEW]")
@store_options.store
@options.shape("human", "json")
def command(name: str, old: int | None, new: int | None, store: str, shape: str) -> int:
    """Show what differs between two versions, and what it means; default: the newest and the one before it.

    The meaning is that of the policy with what it extends and depends on at the time of each version, as if
    both were in force.
    """
    from shardwright.keeping.alone import between_versions
    from shardwright.output import print_json
    from shardwright.report.console import show
    from shardwright.report.listing import diff_document, diff_page
    from shardwright.report.progress import progress
    from shardwright.store.open import read_store

    with read_store(store) as opened:
        newest = opened.history(name)[-1].version
        after = opened.version(name, new if new is not None else newest)
        before = opened.version(name, old if old is not None else max(after.version - 1, 1))
        with progress("comparing"):
            meaning = between_versions(opened, before, after)
    if shape == "json":
        print_json(diff_document(before, after, meaning))
    else:
        show(diff_page(before, after, meaning))
    return exit_codes.OK
