"""`shardwright tax`: what each policy costs the others."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from shardwright import exit_codes, options
from shardwright.endings import Manner
from shardwright.explaining import reaching
from shardwright.remarks import remark

if TYPE_CHECKING:
    from shardwright.keeping.source import Stored


@click.command("tax")
@reaching
@options.shape("human", "json")
@click.pass_obj
def command(manner: Manner, /, policies: str | Stored, cluster: str, shape: str, **limits: Any) -> int:
    """Say what each policy costs the others, and which are never decisive: solve without each of them.

    Exit code 0 whatever the verdicts, 6 where a limit came before any answer.
    """
    from shardwright.api import compile
    from shardwright.cluster.load import load_cluster
    from shardwright.output import print_json
    from shardwright.report.console import show
    from shardwright.report.progress import progress
    from shardwright.report.tax import tax_page
    from shardwright.solver.why.tax_document import tax_document

    limits["memory_limit_mb"] = limits.pop("memory_limit")
    with progress("reading policies and snapshot"):
        program, snapshot = compile(policies), load_cluster(cluster)
    remark(program, snapshot)
    with progress("solving with and without each policy"):
        limits["time_limit"] = manner.time_left(limits["time_limit"])
        given = {name: limit for name, limit in limits.items() if limit is not None}
        document = tax_document(program.tax(snapshot, **given))
    if shape == "json":
        print_json(document)
    else:
        show(tax_page(document))
    return exit_codes.LIMIT if document["status"] == "unknown" else exit_codes.OK
