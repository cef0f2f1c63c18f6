"""`shardwright audit verify`: does everything stand as it was written?"""

from __future__ import annotations

import click

from shardwright import exit_codes, options, store_options


@click.command("verify")
@click.option("--store", metavar="DIR", help="The folder of the store.")
@click.option("--file", metavar="FILE", help="An export (JSON Lines) instead of a store.")
@click.option(
    "--head",
    metavar="NUMBER:HASH",
    help="A record noted elsewhere that must still be there: finds a store that was written anew.",
)
@options.shape("human", "json")
def command(store: str | None, file: str | None, head: str | None, shape: str) -> int:
    """Check every audit record, and the versions, policies and executions that the records speak of.

    Exit codes: 0 all stands as it was written; 7 something does not: the first bad record is named.
    """
    from shardwright.output import print_json

    if (store is None) == (file is None):
        raise click.UsageError("check what? --store DIR, or --file FILE")
    noted = store_options.link_of(head)
    broken, last = _store(store, noted) if store is not None else _file(str(file), noted)
    if broken is not None:
        from shardwright.store.verify import broken_chain

        raise broken_chain(str(store or file), broken)
    if shape == "json":
        print_json({"verified": True, "head": {"number": last.number, "hash": last.hash}})
    else:
        click.echo(f"every record is as it was written, up to {last.number}:{last.hash}")
        click.echo("note this line elsewhere; `--head` finds out whether the store was written anew since")
    return exit_codes.OK


def _store(folder: str, noted: store_options.Noted) -> store_options.Verdict:
    from shardwright.store.open import read_store

    with read_store(folder) as store:
        return store.verify(noted), store.head


def _file(name: str, noted: store_options.Noted) -> store_options.Verdict:
    from shardwright.store.exported import read_export, verify_export

    rows = read_export(name)
    return verify_export(rows, noted)
