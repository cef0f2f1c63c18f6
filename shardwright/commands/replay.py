"""`shardwright replay`: a recorded execution, done again."""

from __future__ import annotations

import click

from shardwright import exit_codes, options, store_options


@click.command("replay")
@click.argument("number", type=click.IntRange(min=1), metavar="ID")
@store_options.store
@options.shape("human", "json")
def command(number: int, store: str, shape: str) -> int:
    """Solve once more what an execution solved, with the policies, the snapshot and the steps of then.

    Exit codes: 0 the same answer, word for word; 7 another one, or something is missing: it says what.
    """
    from shardwright.keeping.replay import again, compare, different, recorded, refuse_clocked
    from shardwright.output import print_json
    from shardwright.report.progress import progress
    from shardwright.store.open import read_store

    with progress("reading the record"), read_store(store) as opened:
        known = recorded(opened, number)
    refuse_clocked(known)
    with progress("solving again"):
        result = again(known)
    keys = compare(known, result)
    if keys:
        raise different(known, keys)
    if shape == "json":
        print_json({"execution": number, "same": True, "result": known.result})
    else:
        click.echo(f"execution {number} gives the same answer, word for word: {known.row.status}")
    return exit_codes.OK
