"""`shardwright why-not`: what keeps a shard off a node, or what it would cost to have it there."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from shardwright import exit_codes, options
from shardwright.endings import Manner
from shardwright.explaining import explained, explaining

if TYPE_CHECKING:
    from shardwright.keeping.source import Stored

# Of the time limit, for the placement beside which the price is told.
FIRST_SHARE = 0.6


@click.command("why-not")
@click.argument("shard", metavar="SHARD")
@click.argument("node", metavar="NODE")
@explaining
@options.shape("human", "json")
@click.pass_obj
def command(
    manner: Manner,
    /,
    shard: str,
    node: str,
    policies: str | Stored,
    cluster: str,
    placement: str | None,
    shape: str,
    **limits: Any,
) -> int:
    """Say what keeps SHARD off NODE in every placement; or else what it would cost, and what would move.

    Without --placement the price is told beside the best placement. Exit code 0 whatever the verdict.
    """
    from shardwright.output import print_json
    from shardwright.report.console import show
    from shardwright.report.progress import progress
    from shardwright.report.why_not import why_not_page
    from shardwright.solver.why.documents import why_not_document

    limit = limits["time_limit"]
    limits["time_limit"] = limit * FIRST_SHARE
    explainer = explained(
        manner, policies, cluster, placement, limits, lambda one: one.forbidden(shard, node) is not None
    )
    with progress("asking for the price"):
        found = explainer.why_not(shard, node, manner.time_left(limit))
    document = why_not_document(explainer, found)
    if shape == "json":
        print_json(document)
    else:
        show(why_not_page(document, found.conflicts))
    return exit_codes.OK
