"""What a change of policies means: on any cluster, and on one."""

from __future__ import annotations

import time
from typing import Any

from shardwright.api import ClusterSource, PolicySource, Program, _cluster, compile
from shardwright.grammar.diagnostics import DiagnosticError
from shardwright.solver.patterns.compare.impact import Impact
from shardwright.solver.patterns.compare.verdict import compare
from shardwright.solver.patterns.compare.witness import Comparison

SOLVED = ("optimal", "feasible")
NOTHING_THERE = "E2103"
FIRST_SHARE = 0.5  # of the time limit, for the old answer


def diff(old: PolicySource, new: PolicySource) -> Comparison:
    """Whether new policies are equivalent to old ones, stricter, looser or different, with witnesses.

    A folder without policies is a side that says nothing. Raises DiagnosticError with every fault in either.
    """
    return compare(side(old).policies, side(new).policies)


def side(source: PolicySource) -> Program:
    """One side of a comparison; the first policies of all are compared with an empty folder."""
    try:
        return compile(source)
    except DiagnosticError as error:
        if all(one.code == NOTHING_THERE for one in error.diagnostics):
            return compile([])
        raise


def impact(old: Program, new: Program, cluster: ClusterSource, **limits: Any) -> Impact:
    """The answers of both on a cluster; `limits` are those of `Program.solve`, the time limit for both."""
    started = time.monotonic()
    snapshot = _cluster(cluster)
    limit = limits.pop("time_limit", None)
    first = {} if limit is None else {"time_limit": limit * FIRST_SHARE}
    before = old.solve(snapshot, ways_out=False, **first, **limits)
    left = {} if limit is None else {"time_limit": max(limit - (time.monotonic() - started), 0.1)}
    after = new.solve(snapshot, ways_out=False, **left, **limits)
    stays = None
    if before.status in SOLVED and before.placement is not None:
        stays = new.certify(snapshot, {"placement": before.placement}).certified
    return Impact(before, after, stays)
