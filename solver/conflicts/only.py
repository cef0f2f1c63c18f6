"""A problem in which some rules bind, and nothing else is asked for."""

from __future__ import annotations

from dataclasses import replace

from shardwright.grammar.rules import Rule
from shardwright.solver.problem import Problem


def only(problem: Problem, rules: frozenset[int]) -> Problem:
    """The problem in which these rules bind, and nothing else is asked for."""

    def bound(rule: Rule) -> Rule:
        enforcement = rule.enforcement if rule.id in rules else "goal"
        return replace(rule, enforcement=enforcement, level=None)

    kept = tuple(bound(rule) for rule in problem.rules)
    return replace(problem, requirements=replace(problem.requirements, rules=kept), levels=())
