"""A placement that shows that rules can hold together: proposed by search, certified by the logic."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace

from shardwright.solver.certify import Pair, certify
from shardwright.solver.conflicts.arithmetic.see import standing
from shardwright.solver.conflicts.caps import MAX_SEARCHED, MAX_WITNESS_STEPS
from shardwright.solver.conflicts.only import only
from shardwright.solver.conflicts.question import Question
from shardwright.solver.conflicts.today.today import Today
from shardwright.solver.outcome import Limits
from shardwright.solver.problem import Problem
from shardwright.solver.processes import WorkerFailed


def witnessed(today: Today, rules: Collection[int]) -> bool:
    """True: a certified placement keeps all of these rules. False says nothing.

    What can be made of today's placement comes first: on large clusters it is seen far sooner, and on the
    largest nothing else is tried.
    """
    return today.placement(rules) is not None or searched(today.question, rules, today.limits)


def searched(question: Question, rules: Collection[int], limits: Limits, pinned: Sequence[Pair] = ()) -> bool:
    """The same by search alone; with `pinned` the placement has these pairs."""
    problem = only(replace(question.problem, pinned=tuple(pinned)), frozenset(rules))
    if len(problem.cluster.shards.ids) * len(problem.cluster.nodes.ids) > MAX_SEARCHED:
        return False
    try:
        if not pinned and standing([rule for rule in question.rules if rule.id in rules]):
            judgement = certify(problem, (), deadline=limits.deadline, memory_limit_mb=limits.memory_limit_mb)
            return not judgement.faults(problem)
        return _is_found(problem, limits)
    except WorkerFailed as failed:
        if failed.setting is None:
            raise
        return False


def _is_found(problem: Problem, limits: Limits) -> bool:
    from shardwright.solver.search.limits import not_searched
    from shardwright.solver.search.propose import solve_search

    if not_searched(problem):
        return False
    outcome = solve_search(
        problem, limits, workers=1, seed=1, steps=MAX_WITNESS_STEPS, search_until=limits.deadline
    )
    return outcome.status == "feasible"
