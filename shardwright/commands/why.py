"""`shardwright why`: for and against every node, for a shard or for all."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from shardwright import exit_codes, options
from shardwright.endings import Manner
from shardwright.explaining import explained, explaining

if TYPE_CHECKING:
    from shardwright.keeping.source import Stored


@click.command("why")
@click.argument("shards", nargs=-1, required=True, metavar="SHARD...")
@explaining
@options.shape("human", "json")
@click.pass_obj
def command(
    manner: Manner,
    /,
    shards: tuple[str, ...],
    policies: str | Stored,
    cluster: str,
    placement: str | None,
    shape: str,
    **limits: Any,
) -> int:
    """Say for every node whether a shard may be there, and why; which goals decided, and which policies bind.

    Without --placement the best placement is found first, as `solve` does. Exit code 0 whatever the verdict.
    """
    from shardwright.output import print_json
    from shardwright.report.console import show
    from shardwright.report.sections import spaced
    from shardwright.report.why import why_page
    from shardwright.solver.why.documents import shard_document

    explainer = explained(manner, policies, cluster, placement, limits)
    documents = [shard_document(explainer, explainer.why(shard)) for shard in dict.fromkeys(shards)]
    if shape == "json":
        print_json(documents[0] if len(documents) == 1 else {"shards": documents})
    else:
        show(spaced(map(why_page, documents)))
    return exit_codes.OK
