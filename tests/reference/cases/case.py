"""A case small enough for the reference to look at every placement."""

from __future__ import annotations

from typing import Any

from tests.reference.cases.clusters import snapshot
from tests.reference.cases.draw import Draw
from tests.reference.cases.policies import policy_set
from tests.reference.solve import size_of

Json = dict[str, Any]
Case = tuple[list[Json], Json]
LIMITS = {600: 60, 3_000: 30, 20_000: 10}


def case(draw: Draw) -> Case:
    policies, cluster = policy_set(draw), snapshot(draw)
    return policies, shrunk(policies, cluster, draw.weighted(LIMITS))


def shrunk(policies: list[Json], cluster: Json, limit: int) -> Json:
    """The cluster with its last shards left out until few enough placements remain."""
    while len(cluster["shards"]) > 1 and size_of(policies, cluster) > limit:
        cluster = cluster | {"shards": cluster["shards"][:-1]}
    return cluster
