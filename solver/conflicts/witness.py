"""A placement that shows that rules can hold together: proposed by search, certified by the logic."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace

from shardwright.grammar.rules import Rule
from shardwright.solver.certify import Pair, certify
from shardwright.solver.conflicts.arithmetic import standing
from shardwright.solver.conflicts.caps import MAX_WITNESS_STEPS
from shardwright.solver.conflicts.question import Question
from shardwright.solver.exact import Limits
from shardwright.solver.problem import Problem
from shardwright.solver.processes import WorkerFailed


def witnessed(
    question: Question, rules: Collection[int], limits: Limits, pinned: Sequence[Pair] = ()
) -> bool:
    """True: a certified placement keeps all of these rules (one with these pairs). False says nothing."""
    problem = only(replace(question.problem, pinned=tuple(pinned)), frozenset(rules))
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


def only(problem: Problem, rules: frozenset[int]) -> Problem:
    """The problem in which these rules bind, and nothing else is asked for."""

    def bound(rule: Rule) -> Rule:
        enforcement = rule.enforcement if rule.id in rules else "goal"
        return replace(rule, enforcement=enforcement, level=None)

    kept = tuple(bound(rule) for rule in problem.rules)
    return replace(problem, requirements=replace(problem.requirements, rules=kept), levels=())
