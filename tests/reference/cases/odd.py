"""Odd cases: what the language and snapshots allow and the plain cases hardly ever have."""

from __future__ import annotations

import shardwright
from shardwright.cluster.load import cluster_from
from shardwright.grammar.diagnostics import DiagnosticError
from tests.reference.cases import odd_clusters, odd_policies
from tests.reference.cases.case import LIMITS, Case, Json, shrunk
from tests.reference.cases.clusters import snapshot
from tests.reference.cases.draw import Draw
from tests.reference.cases.policies import policy_set


def odd_case(draw: Draw) -> Case | None:
    """An odd policy set on an odd cluster; either may be a plain one. None where they are refused."""
    policies, cluster = policy_set(draw), snapshot(draw)
    if draw.chance(85):
        policies = odd_policies.odd(draw, policies)
    if draw.chance(75):
        cluster = odd_clusters.odd(draw, cluster)
    return (policies, shrunk(policies, cluster, draw.weighted(LIMITS))) if usable(policies, cluster) else None


def usable(policies: list[Json], cluster: Json) -> bool:
    try:
        shardwright.compile(policies)
        cluster_from(cluster)
    except DiagnosticError:
        return False
    return True
