"""`shardwright fmt`: policies in one layout."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from shardwright import exit_codes

if TYPE_CHECKING:
    from shardwright.grammar.diagnostics import Diagnostic
    from shardwright.grammar.printer import Spelling
    from shardwright.policies.tidy import Tidied


@click.command("fmt")
@click.argument("paths", nargs=-1, required=True, metavar="PATH...")
@click.option("--check", is_flag=True, help="Write nothing; say which files would change.")
@click.option(
    "--conditions",
    type=click.Choice(["tree", "expr"]),
    help="Spell conditions as a tree of JSON objects, or as infix text; without this they stay as they are.",
)
def command(paths: tuple[str, ...], check: bool, conditions: Spelling | None) -> int:
    """Write policies in one layout: keys in the order of the language, values as they are.

    PATH is a policy file, or a folder of them (*.json, recursive). Files are written in place; what they say
    stays the same. Exit codes: 0 done, 3 a file cannot be read, or (with --check) would change.
    """
    from shardwright.grammar.diagnostics import DiagnosticError

    files, problems = _tidied(paths, conditions or "keep")
    changed = [file for file in files if file.text is not None]
    for file in files:
        if file.text is not None and not check:
            _write(file)
        _tell(file, check)
    click.echo(_summary(len(changed), len(files) - len(changed), check))
    if problems:
        raise DiagnosticError(problems)
    return exit_codes.INVALID if check and changed else exit_codes.OK


def _tidied(paths: tuple[str, ...], conditions: Spelling) -> tuple[list[Tidied], list[Diagnostic]]:
    from shardwright.grammar.limits import DEFAULT_LIMITS
    from shardwright.policies.read import read_paths
    from shardwright.policies.tidy import tidy

    texts, problems = read_paths(paths, DEFAULT_LIMITS)
    files = [tidy(text, conditions) for text in texts]
    return files, [*problems, *(problem for file in files for problem in file.problems)]


def _tell(file: Tidied, check: bool) -> None:
    for note in file.notes:
        click.echo(f"{file.name}: {note}", err=True)
    if file.text is not None:
        click.echo(f"{'would format' if check else 'formatted'} {file.name}")


def _write(file: Tidied) -> None:
    from shardwright.policies.write import replace_file

    try:
        replace_file(Path(file.name), file.text or "")
    except OSError as error:
        raise click.FileError(file.name, hint=error.strerror or str(error)) from error


def _summary(changed: int, others: int, check: bool) -> str:
    files = "1 file" if changed == 1 else f"{changed} files"
    did = "would change" if check else "changed"
    return f"{files} {did}, {others} left as {'it is' if others == 1 else 'they are'}"
