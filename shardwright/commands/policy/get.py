"""`shardwright policy get`: a policy's document, as it was written."""

from __future__ import annotations

import sys

import click

from shardwright import exit_codes, options, store_options


@click.command("get")
@click.argument("name")
@store_options.store
@options.limit("--version", "N", "This version; default: the newest.")
@store_options.at
@options.shape("human", "json")
def command(name: str, store: str, version: int | None, at: str | None, shape: str) -> int:
    """Print the document of a policy exactly as it was written: its SHA-256 is its hash.

    Without --version, deleted policies are not there.
    """
    from shardwright.store.open import read_store

    if version is not None and at is not None:
        raise click.UsageError("--version or --at, not both")
    with read_store(store) as opened:
        moment = store_options.moment_of(opened, at)
        if version is not None:
            text = opened.version(name, version).definition
        elif moment is not None:
            text = opened.policy_then(name, moment).definition
        else:
            text = opened.policy(name).definition
    sys.stdout.write(text)
    sys.stdout.flush()
    return exit_codes.OK
