"""`shardwright store info`: what a store holds."""

from __future__ import annotations

import click

from shardwright import exit_codes, options, store_options


@click.command("info")
@store_options.store
@options.shape("human", "json")
def command(store: str, shape: str) -> int:
    """Count what a store holds: policies by state, versions, executions, audit records, bytes."""
    from shardwright.output import print_json
    from shardwright.report.words import count, number
    from shardwright.store.info import info
    from shardwright.store.open import read_store

    with read_store(store) as opened:
        found = info(opened, store)
    if shape == "json":
        print_json(found)
        return exit_codes.OK
    states = ", ".join(f"{number(many)} {state}" for state, many in found["policies"].items())
    click.echo(f"policies     {states or 'none'}")
    click.echo(f"versions     {number(found['versions'])}")
    click.echo(f"executions   {number(found['executions'])}, {count(found['contents'], 'content')}")
    click.echo(f"audit        {count(found['audit'], 'record')}, the last {found['head']}")
    click.echo(f"on the disk  {found['bytes'] / 1e6:.1f} MB, format {found['format']}")
    return exit_codes.OK
