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
@click.argument("shards", nargs=-1, metavar="SHARD...")
@click.option("--all", "everybody", is_flag=True, help="All shards, those with equal reasons together.")
@explaining
@options.shape("human", "json")
@click.pass_obj
def command(
    manner: Manner,
    /,
    shards: tuple[str, ...],
    everybody: bool,
    policies: str | Stored,
    cluster: str,
    placement: str | None,
    shape: str,
    **limits: Any,
) -> int:
    """Say for every node whether a shard may be there, and why; which goals decided, and which policies bind.

    Without --placement the best placement is found first, as `solve` does. Exit code 0 whatever the verdict.
    """
    if shards and everybody:
        raise click.UsageError("--all looks at every shard: leave out either it or SHARD...")
    if not shards and not everybody:
        raise click.UsageError("say which shards: SHARD..., or --all")
    from shardwright.output import print_json
    from shardwright.report.console import show
    from shardwright.report.sections import spaced
    from shardwright.report.why import all_page, why_page
    from shardwright.solver.why.documents import all_document, shard_document

    explainer = explained(manner, policies, cluster, placement, limits)
    if everybody:
        document = all_document(explainer, explainer.why_all())
        print_json(document) if shape == "json" else show(all_page(document))
        return exit_codes.OK
    documents = [shard_document(explainer, explainer.why(shard)) for shard in dict.fromkeys(shards)]
    if shape == "json":
        print_json(documents[0] if len(documents) == 1 else {"shards": documents})
    else:
        show(spaced(map(why_page, documents)))
    return exit_codes.OK
