"""What a change of policies means: on any cluster, and on one."""

from __future__ import annotations

import time
from typing import Any

from shardwright.api import ClusterSource, PolicySource, Program, _cluster, compile
from shardwright.solver.patterns.compare.impact import Impact
from shardwright.solver.patterns.compare.verdict import Comparison, compare

SOLVED = ("optimal", "feasible")
FIRST_SHARE = 0.5  # of the time limit, for the old answer


def diff(old: PolicySource, new: PolicySource) -> Comparison:
    """Whether new policies are equivalent to old ones, stricter, looser or different, with witnesses.

    Raises DiagnosticError with every fault in either.
    """
    return compare(compile(old).policies, compile(new).policies)


def impact(old: Program, new: Program, cluster: ClusterSource, **limits: Any) -> Impact:
    """The answers of both on a cluster; `limits` are those of `Program.solve`, the time limit for both."""
    started = time.monotonic()
    snapshot = _cluster(cluster)
    limit = limits.pop("time_limit", None)
    first = {} if limit is None else {"time_limit": limit * FIRST_SHARE}
    before = old.solve(snapshot, **first, **limits)
    left = {} if limit is None else {"time_limit": max(limit - (time.monotonic() - started), 0.1)}
    after = new.solve(snapshot, **left, **limits)
    stays = None
    if before.status in SOLVED and before.placement is not None:
        stays = new.certify(snapshot, {"placement": before.placement}).certified
    return Impact(before, after, stays)
