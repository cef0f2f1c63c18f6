"""`shardwright conflicts`: which policies cannot hold together."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from shardwright import exit_codes, options

if TYPE_CHECKING:
    from shardwright.keeping.source import Stored
    from shardwright.solver.patterns.analysis import Analysis


@click.command("conflicts")
@options.policies
@click.option(
    "--witness",
    type=click.Path(file_okay=False, path_type=Path),
    metavar="DIR",
    help="Write each witness cluster into this folder, as a snapshot.",
)
@options.shape("human", "json")
def command(policies: str | Stored, witness: Path | None, shape: str) -> int:
    """Find the sets of policies that can never hold together, on any cluster, and say why.

    Exit codes: 0 nothing or warnings only, 3 invalid input, 5 required rules cannot all hold.
    """
    return patterns(policies, witness, shape)


def patterns(policies: str | Stored, witness: Path | None, shape: str) -> int:
    """What can be said about the policies alone."""
    from shardwright.api import compile
    from shardwright.output import print_json
    from shardwright.report.console import show
    from shardwright.report.patterns import patterns_page, save_witnesses
    from shardwright.report.progress import progress
    from shardwright.solver.patterns.analysis import analyse

    with progress("reading policies") as tell:
        program = compile(policies)
        tell("looking for conflicts")
        analysis: Analysis = analyse(program.policies)
    files = save_witnesses(analysis, witness) if witness is not None else {}
    if shape == "json":
        print_json(analysis.to_json())
    else:
        show(patterns_page(analysis, files))
    return exit_codes.CONFLICT if analysis.certain else exit_codes.OK
