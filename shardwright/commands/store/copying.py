"""What backup and restore have in common: copy, check, tell."""

from __future__ import annotations

import click


def copy(source: str, target: str, verb: str) -> None:
    """Copy a store into a new folder; raises where the copy is not as its audit chain says."""
    from shardwright.report.progress import progress
    from shardwright.store.backup import copy_store
    from shardwright.store.open import read_store
    from shardwright.store.verify import broken_chain

    with progress(verb) as tell:
        rows = copy_store(source, target, tell)
        tell("checking")
        with read_store(target) as copied:
            broken, head = copied.verify(), copied.head
    if broken is not None:
        raise broken_chain(target, broken)
    click.echo(f"{rows} rows in {target}, checked up to change {head.number}")
