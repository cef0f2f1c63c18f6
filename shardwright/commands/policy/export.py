"""`shardwright policy export`: policies of a store as files."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from shardwright import exit_codes, options, store_options

if TYPE_CHECKING:
    from shardwright.keeping.catalog import Kept


@click.command("export")
@click.argument("names", nargs=-1, metavar="[NAME...]")
@store_options.store
@store_options.at
@click.option(
    "--output",
    type=click.Path(file_okay=False, path_type=Path),
    metavar="DIR",
    help="Write a file for each policy into this new or empty folder; without it, print one JSON list.",
)
@options.shape("human", "json")
def command(names: tuple[str, ...], store: str, at: str | None, output: Path | None, shape: str) -> int:
    """Write policies as they are kept, now or as they were; all, or those that are named."""
    from shardwright.store.open import read_store

    with read_store(store) as opened:
        moment = store_options.moment_of(opened, at)
        if names:
            rows = [
                opened.policy(name) if moment is None else opened.policy_then(name, moment) for name in names
            ]
        else:
            rows = list(opened.policies(moment))
    if output is None:
        click.echo(_list(rows), nl=False)
        return exit_codes.OK
    _write(rows, output)
    told = {"folder": str(output), "policies": [row.name for row in rows]}
    click.echo(json.dumps(told) if shape == "json" else f"{len(rows)} policies in {output}")
    return exit_codes.OK


def _list(rows: list[Kept]) -> str:
    """One list in which every policy keeps its own layout."""
    return "[" + ",\n".join(row.definition.rstrip("\n") for row in rows) + "]\n"


def _write(rows: list[Kept], folder: Path) -> None:
    from shardwright.keeping.files import file_names

    if folder.exists() and any(folder.iterdir()):
        raise click.UsageError(f"--output `{folder}` is not empty")
    names = file_names([row.name for row in rows])
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for row, name in zip(rows, names, strict=True):
            (folder / name).write_text(row.definition, encoding="utf-8", newline="")
    except OSError as error:
        raise click.FileError(str(error.filename or folder), hint=error.strerror or str(error)) from error
