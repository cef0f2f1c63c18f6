"""`shardwright diff`: what a change of policies means."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from shardwright import exit_codes, options
from shardwright.endings import Manner

if TYPE_CHECKING:
    from shardwright.keeping.source import Stored

    Side = str | Stored


@click.command("diff")
@click.argument("old", metavar="[OLD", required=False)
@click.argument("new", metavar="NEW]", required=False)
@click.option("--store", metavar="DIR", help="A store at two moments, instead of OLD and NEW.")
@click.option("--from", "since", metavar="CHANGE|TIME", help="With --store: the older moment.")
@click.option("--to", "until", metavar="CHANGE|TIME", help="With --store: the newer one; default: now.")
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
    old: str | None,
    new: str | None,
    store: str | None,
    since: str | None,
    until: str | None,
    cluster: str | None,
    witness: Path | None,
    shape: str,
    time_limit: float,
    seed: int,
) -> int:
    """Say whether the policies NEW are equivalent to OLD, stricter, looser or different, and show it.

    OLD and NEW are policy files or folders (an empty folder is a side without policies); or a store at two
    moments: the number of a change, after which it is looked at, or a time. Exit code 0 whatever the
    verdict, 3 for invalid input.
    """
    from shardwright.cluster.load import load_cluster
    from shardwright.differing import impact, side
    from shardwright.output import print_json
    from shardwright.report.console import show
    from shardwright.report.diff import diff_page, save_witnesses
    from shardwright.report.progress import progress
    from shardwright.solver.patterns.compare.verdict import compare

    first, second = _sides(old, new, store, since, until)
    with progress("reading policies") as tell:
        before, after = side(first), side(second)
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


def _sides(
    old: str | None, new: str | None, store: str | None, since: str | None, until: str | None
) -> tuple[Side, Side]:
    """Two paths, or a store at two moments."""
    if store is None:
        if since is not None or until is not None:
            raise click.UsageError("--from and --to speak of a store: use them with --store DIR")
        if old is None or new is None:
            raise click.UsageError("compare what? OLD NEW, or --store DIR --from CHANGE|TIME")
        return old, new
    if old is not None:
        raise click.UsageError("OLD NEW or --store DIR, not both")
    if since is None:
        raise click.UsageError("since when? --from CHANGE|TIME")
    return options.stored(store, since, "--from"), options.stored(store, until, "--to")
