"""`shardwright where`: the nodes that a shard must, may and can never be on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from shardwright import exit_codes, options
from shardwright.endings import Manner
from shardwright.explaining import explained, reaching

if TYPE_CHECKING:
    from shardwright.keeping.source import Stored


@click.command("where")
@click.argument("shards", nargs=-1, required=True, metavar="SHARD...")
@click.option("--optimal", is_flag=True, help="Among the best placements only.")
@reaching
@options.shape("human", "json")
@click.pass_obj
def command(
    manner: Manner,
    /,
    shards: tuple[str, ...],
    optimal: bool,
    policies: str | Stored,
    cluster: str,
    shape: str,
    **limits: Any,
) -> int:
    """Say on which nodes a shard is in every, some and no placement that keeps the required rules.

    Exit code 0 whatever the verdict.
    """
    from shardwright.output import print_json
    from shardwright.report.console import show
    from shardwright.report.progress import progress
    from shardwright.report.sections import spaced
    from shardwright.report.where import where_page
    from shardwright.solver.why.documents import where_document

    limit = limits["time_limit"]
    explainer = explained(manner, policies, cluster, None, limits, lambda _: not optimal)
    with progress("looking at all placements"):
        documents = [
            where_document(explainer, explainer.where(shard, optimal, manner.time_left(limit)), optimal)
            for shard in dict.fromkeys(shards)
        ]
    if shape == "json":
        print_json(documents[0] if len(documents) == 1 else {"shards": documents})
    else:
        show(spaced(map(where_page, documents)))
    return exit_codes.OK
