"""All optimal placements at once: which replicas are in every one of them, which in some."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass

from shardwright.solver.outcome import Limits
from shardwright.solver.processes import WorkerFailed
from shardwright.solver.why.reach import optimal_reach
from shardwright.testing.outcome import Outcome

Replica = tuple[str, str]


@dataclass(frozen=True)
class Optima:
    """Pairs of shard and node."""

    every: frozenset[Replica]
    some: frozenset[Replica]


def optima_of(outcome: Outcome, shards: Sequence[str]) -> Optima | str:
    """The optimal placements of a story's shards; a sentence where they are not known."""
    assert outcome.result is not None
    if outcome.result.status != "optimal":
        return f"the answer is `{outcome.result.status}`, not proven best"
    limits = Limits(deadline=time.monotonic() + outcome.limits["time_limit"])
    cluster = outcome.cluster
    rows = sorted(cluster.shards.ids.index(shard) for shard in shards)
    costs = [level.cost for level in outcome.result.levels]
    try:
        known = optimal_reach(outcome.program.on(cluster).problem, costs, rows, limits)
    except WorkerFailed as failed:
        return f"a limit came first: {failed}"
    if known is None:
        return "the numbers are too large for the logic to compare all placements"
    if known.every is None or known.possible is None:
        return "the time limit came first; `solve` in the story, or `--time-limit`, gives more"
    name = cluster.shards.ids, cluster.nodes.ids
    every, some = (
        frozenset((name[0][shard], name[1][node]) for shard, node in pairs)
        for pairs in (known.every, known.some)
    )
    return Optima(every, some)
