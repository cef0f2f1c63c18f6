"""Why nothing fits: the lines that cause each conflict, the facts, ways out, and the best that can be had."""

from __future__ import annotations

from rich.console import Group, RenderableType
from rich.text import Text

from shardwright.cluster.cluster import Cluster
from shardwright.report.causes import diagnostic
from shardwright.report.diagnostics import rendered
from shardwright.report.words import count, line, number, some
from shardwright.solver.result import Placement, Result

# The shards that a best effort leaves short are named up to here.
EXAMPLES = 8


def conflicts_section(result: Result, cluster: Cluster) -> RenderableType | None:
    """None unless the answer is a conflict."""
    if not result.conflicts and result.best_effort is None:
        return None
    blocks: list[RenderableType] = []
    for conflict in result.conflicts:
        blocks += [rendered(diagnostic(conflict)), ""]
    return Group(*blocks, *_best_effort(result.best_effort, cluster))


def _best_effort(placement: Placement | None, cluster: Cluster) -> list[Text]:
    if placement is None:
        return []
    short = _short(placement, cluster)
    told = ", none short of a replica" if not short else f"; short of replicas: {some(short, EXAMPLES)}"
    kept = sum(len(held) for held in placement.values())
    asked = int(cluster.shards.replicas.sum())
    return [
        line(("Best effort", "bold"), f": {number(kept)} of {count(asked, 'replica')} placed{told}"),
        line("  the placement: `--output FILE` or `--format json`, under `best_effort`"),
    ]


def _short(placement: Placement, cluster: Cluster) -> list[str]:
    """The shards with fewer replicas than their own count, as `s1 (2 of 3)`."""
    wanted = zip(cluster.shards.ids, (int(own) for own in cluster.shards.replicas), strict=True)
    held = ((shard, len(placement.get(shard, ())), own) for shard, own in wanted)
    return [f"{shard} ({have} of {own})" for shard, have, own in held if have < own]
