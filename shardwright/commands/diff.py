"""`shardwright diff`: what a change of policies means."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from shardwright import exit_codes, options
from shardwright.endings import Manner


@click.command("diff")
@click.argument("old", metavar="OLD")
@click.argument("new", metavar="NEW")
@click.option("--cluster", metavar="FILE", help="A snapshot: also tell what moves there, and what it costs.")
@click.option(
    "--witness",
    type=click.Path(file_okay=False, path_type=Path),
    metavar="DIR",
    help="Write the clusters and placements that show the difference into this folder.",
)
@click.option(
    "--time-limit",
    type=options.SECONDS,
    default=60,
    show_default=True,
    metavar="S",
    help="With --cluster: seconds from start to answer.",
)
@options.limit("--seed", "N", "With --cluster: where the random choices start.", default=1, least=0)
@options.shape("human", "json")
@click.pass_obj
def command(
    manner: Manner,
    /,
    old: str,
    new: str,
    cluster: str | None,
    witness: Path | None,
    shape: str,
    time_limit: float,
    seed: int,
) -> int:
    """Say whether the policies NEW are equivalent to OLD, stricter, looser or different, and show it.

    OLD and NEW are policy files or folders. Exit code 0 whatever the verdict, 3 for invalid input.
    """
    from shardwright.api import compile
    from shardwright.cluster.load import load_cluster
    from shardwright.differing import impact
    from shardwright.output import print_json
    from shardwright.report.console import show
    from shardwright.report.diff import diff_page, save_witnesses
    from shardwright.report.progress import progress
    from shardwright.solver.patterns.compare.verdict import compare

    with progress("reading policies") as tell:
        before, after = compile(old), compile(new)
        snapshot = None if cluster is None else load_cluster(cluster)
        tell("comparing")
        found = compare(before.policies, after.policies)
    effect = None
    if snapshot is not None:
        with progress("solving with both"):
            effect = impact(before, after, snapshot, time_limit=manner.time_left(time_limit), seed=seed)
    files = save_witnesses(found, witness) if witness is not None else {}
    if shape == "json":
        document: dict[str, Any] = found.to_json()
        print_json(document | {"on_cluster": None if effect is None else effect.to_json()})
    else:
        show(diff_page(found, effect, files))
    return exit_codes.OK
