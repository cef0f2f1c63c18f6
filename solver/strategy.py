"""Which strategy answers a question, and why."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from shardwright.grammar.diagnostics import Diagnostic, DiagnosticError, Help
from shardwright.solver.problem import Problem

# Pairs of shard and node, measured by benchmarks/strategies.py. Up to TINY exact proves within seconds; up
# to SMALL it is tried shortly, and may prove or better what search finds. Beyond, only search gets anywhere.
TINY_PAIRS, SMALL_PAIRS = 200, 5_000
# Where all replicas weigh the same, exact gets much further.
TINY_EVEN_PAIRS, SMALL_EVEN_PAIRS = 20_000, 100_000

SEARCH_FIRST = "search first, then exact if there is more to prove"


@dataclass(frozen=True)
class Choice:
    """`strategy` is exact or search; `reason` is for the user.

    `then_exact`: where search leaves the optimum unproven, exact has the rest of the time. `exact_before`:
    what exact can prove at once needs no search.
    """

    strategy: str
    reason: str
    then_exact: bool = False
    exact_before: bool = False

    @property
    def reason_before(self) -> str:
        """Where exact has proven it at once."""
        return self.reason.replace(SEARCH_FIRST, "few enough to prove the optimum")


def choose(problem: Problem, asked: str) -> Choice:
    """Exact or search for a problem. Raises DiagnosticError where search is asked for and cannot answer."""
    if asked == "exact":
        return Choice("exact", "asked for")
    missing = _missing(problem)
    if asked == "search":
        if missing:
            raise DiagnosticError([_too_large(missing)])
        return Choice("search", "asked for")
    pairs = len(problem.cluster.shards.ids) * len(problem.cluster.nodes.ids)
    even = _even(problem)
    tiny, small = (TINY_EVEN_PAIRS, SMALL_EVEN_PAIRS) if even else (TINY_PAIRS, SMALL_PAIRS)
    if pairs <= tiny:
        return Choice("exact", f"{_pairs(pairs)}: few enough to prove the optimum")
    if missing:
        return Choice("exact", f"too large for search: {missing[0]}")
    if pairs <= small:
        return Choice(
            "search", f"{_pairs(pairs)}: {SEARCH_FIRST}", then_exact=True, exact_before=pairs <= SMALL_PAIRS
        )
    weights = "" if even else " of different weight"
    return Choice("search", f"{_pairs(pairs)}{weights}: too many to prove the optimum")


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
