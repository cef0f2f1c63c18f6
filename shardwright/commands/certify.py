"""`shardwright certify`: what the logic alone says about a placement, whoever made it."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import click

from shardwright import exit_codes, options

if TYPE_CHECKING:
    from shardwright.api import Certification
    from shardwright.cluster.cluster import Cluster
    from shardwright.keeping.source import Stored
    from shardwright.solver.result import Placement


@click.command("certify")
@options.policies
@options.cluster
@click.option(
    "--placement", required=True, metavar="FILE", help='A result of solve, or {"placement": {...}}.'
)
@options.shape("human", "json")
def command(policies: str | Stored, cluster: str, placement: str, shape: str) -> int:
    """Say which rules a placement breaks and what it costs, from the logic alone.

    Exit codes: 0 every required rule holds (what yielding rules give up is listed), 5 one is broken.
    """
    from shardwright.output import print_json
    from shardwright.report.console import page_width, show
    from shardwright.report.page import certify_page

    certification, snapshot, given = _certify(policies, cluster, placement)
    if shape == "json":
        print_json(_document(certification))
    else:
        show(certify_page(certification, snapshot, given, page_width()))
    return exit_codes.OK if certification.certificate.certified else exit_codes.CONFLICT


def _certify(
    policies: str | Stored, cluster: str, placement: str
) -> tuple[Certification, Cluster, Placement]:
    from shardwright.api import compile
    from shardwright.cluster.load import load_cluster
    from shardwright.cluster.placement import load_placement, named
    from shardwright.report.progress import progress

    with progress("reading policies and snapshot") as tell:
        program = compile(policies)
        snapshot = load_cluster(cluster)
        given = named(load_placement(placement, snapshot), snapshot)
        tell("certifying")
        return program.certify(snapshot, given), snapshot, given


def _document(certification: Certification) -> dict[str, Any]:
    """The same shapes as in a result: certificate, levels, gave_up, moves."""
    return {
        "certificate": asdict(certification.certificate),
        "levels": [asdict(level) for level in certification.levels],
        "gave_up": [asdict(item) for item in certification.gave_up],
        "moves": [
            {"shard": move.shard, "from": move.source, "to": move.target} for move in certification.moves
        ],
    }
