"""Which strategy answers a question, and why."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from shardwright.grammar.diagnostics import Diagnostic, DiagnosticError, Help
from shardwright.solver.problem import Problem

# Measured: below, exact solving proves within seconds; above, only where all replicas weigh the same.
SMALL_PAIRS = 5_000
EVEN_PAIRS = 100_000


@dataclass(frozen=True)
class Choice:
    """`strategy` is exact or search; `reason` is for the user."""

    strategy: str
    reason: str


def choose(problem: Problem, asked: str) -> Choice:
    """Exact or search for a problem. Raises DiagnosticError where search is asked for and cannot answer."""
    if asked == "exact":
        return Choice("exact", "asked for")
    pairs = len(problem.cluster.shards.ids) * len(problem.cluster.nodes.ids)
    if asked == "auto" and pairs <= SMALL_PAIRS:
        return Choice("exact", f"{_pairs(pairs)}: few enough to prove the optimum")
    missing = _missing(problem)
    if asked == "search":
        if missing:
            raise DiagnosticError([_too_large(missing)])
        return Choice("search", "asked for")
    if missing:
        return Choice("exact", f"too large for search: {missing[0]}")
    if pairs <= EVEN_PAIRS and _even(problem):
        return Choice("exact", f"{_pairs(pairs)}, all replicas weigh the same: the optimum can be proven")
    return Choice("search", f"{_pairs(pairs)} of different weight: too many to prove the optimum")


def _missing(problem: Problem) -> list[str]:
    from shardwright.solver.search.limits import not_searched

    return not_searched(problem)


def _even(problem: Problem) -> bool:
    """Whether every measure adds the same for each shard that adds anything."""
    return all(len(np.unique(measure.weights[measure.weights != 0])) <= 1 for measure in problem.measures)


def _pairs(count: int) -> str:
    return "1 pair of shard and node" if count == 1 else f"{count} pairs of shard and node"


def _too_large(missing: list[str]) -> Diagnostic:
    return Diagnostic(
        "E5104",
        f"the strategy `search` cannot hold this: {missing[0]}",
        notes=tuple(missing[1:]),
        helps=(Help("`--strategy exact` can"),),
    )
