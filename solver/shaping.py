"""Rules that shape what others mean, whether they bind or not."""

from __future__ import annotations

from collections.abc import Sequence

from shardwright.grammar.rules import Allow, Rule, Spread
from shardwright.solver.problem import Problem


def with_shaping(problem: Problem, rules: Sequence[Rule]) -> list[Rule]:
    """The rules, and those that shape what they mean: a skew counts values that no allow rule forbids."""
    if not any(isinstance(rule.kind, Spread) and rule.kind.limit == "max_skew" for rule in rules):
        return list(rules)
    used = {rule.id for rule in rules}
    return [
        rule
        for rule in problem.rules
        if rule.id in used or (isinstance(rule.kind, Allow) and not rule.kind.arrivals)
    ]
