"""`shardwright conflicts`: which policies cannot hold together."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from shardwright import exit_codes, options
from shardwright.endings import Manner

if TYPE_CHECKING:
    from shardwright.keeping.source import Stored
    from shardwright.solver.patterns.analysis import Analysis


@click.command("conflicts")
@options.policies
@click.option("--cluster", metavar="FILE", help="A snapshot: what cannot hold on this cluster.")
@click.option(
    "--witness",
    type=click.Path(file_okay=False, path_type=Path),
    metavar="DIR",
    help="Without a cluster: write each witness cluster into this folder, as a snapshot.",
)
@click.option(
    "--time-limit",
    type=options.SECONDS,
    default=60,
    show_default=True,
    metavar="S",
    help="With a cluster: seconds from start to answer, loading included.",
)
@options.limit("--workers", "N", "Processes that solve.", default=2)
@options.limit("--seed", "N", "Where the random choices start.", default=1, least=0)
@options.limit("--memory-limit", "MB", "Memory of each of these processes.", most=2**32)
@options.limit("--rule-limit", "N", "Ground rules at most.")
@options.shape("human", "json")
@click.pass_obj
def command(
    manner: Manner,
    /,
    policies: str | Stored,
    cluster: str | None,
    witness: Path | None,
    shape: str,
    **limits: Any,
) -> int:
    """Find all minimal sets of rules that cannot hold together, on a cluster or on any, and say why.

    Exit codes: 0 nothing or warnings only, 3 invalid input, 5 required rules cannot all hold, 6 a limit came
    before it was known.
    """
    if cluster is None:
        return patterns(policies, witness, shape)
    if witness is not None:
        raise click.UsageError("--witness is for conflicts without a cluster: leave out --cluster")
    return on_cluster(manner, policies, cluster, shape, limits)


def on_cluster(
    manner: Manner, policies: str | Stored, cluster: str, shape: str, limits: dict[str, Any]
) -> int:
    """What cannot hold on one cluster."""
    from shardwright.api import compile
    from shardwright.cluster.load import load_cluster
    from shardwright.output import print_json
    from shardwright.report import diagnostics
    from shardwright.report.conflicts import conflicts_page
    from shardwright.report.console import show
    from shardwright.report.progress import progress

    limits["memory_limit_mb"] = limits.pop("memory_limit")
    with progress("reading policies and snapshot") as tell:
        program, snapshot = compile(policies), load_cluster(cluster)
        limits["time_limit"] = manner.time_left(limits["time_limit"])
        given = {name: limit for name, limit in limits.items() if limit is not None}
        tell("looking for conflicts")
        found = program.conflicts(snapshot, on_progress=lambda told: tell(str(told)), **given)
    if found.lints:
        diagnostics.show(found.lints, "human")  # on stderr, as `solve` does
    if shape == "json":
        print_json(found.to_json())
    else:
        show(conflicts_page(found))
    if found.conflicts:
        return exit_codes.CONFLICT
    return exit_codes.OK if found.complete else exit_codes.LIMIT


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
