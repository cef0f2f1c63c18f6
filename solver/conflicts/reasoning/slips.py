"""What looks like a slip of the pen in the rules of a conflict: names and numbers that no node has."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from shardwright.cluster.columns import column_of
from shardwright.grammar.rules import Allow, Rule
from shardwright.grammar.syntax import Comparison
from shardwright.policies.checks.carried import unknown_names
from shardwright.policies.policy import Policy
from shardwright.solver.conflicts.reasons import Beyond, Unknown
from shardwright.solver.problem import Problem

BELOW, ABOVE = ("lt", "lte"), ("gt", "gte")


def slips(problem: Problem, rules: Sequence[Rule], policies: dict[str, Policy]) -> Iterator[Unknown | Beyond]:
    """Names first."""
    stated = [rule for rule in rules if rule.policy is not None]
    named = {policies[rule.policy].name: policies[rule.policy] for rule in stated if rule.policy is not None}
    places = [policies[rule.owner].place(rule.pointer) for rule in stated]
    for remark in unknown_names(named.values(), problem.cluster):
        at = remark.spans[0].place
        if any(at.file == own.file and own.start <= at.start < own.end for own in places):
            yield Unknown(remark.policy or "", remark.message, tuple(way.text for way in remark.helps))
    for rule in stated:
        yield from _beyond(problem, rule)


def _beyond(problem: Problem, rule: Rule) -> Iterator[Beyond]:
    """A comparison with a number that no node is below (or above): how near the nearest comes."""
    test = rule.kind.test if isinstance(rule.kind, Allow) else None
    if not isinstance(test, Comparison) or test.operator not in (*BELOW, *ABOVE):
        return
    if isinstance(test.value, bool) or not isinstance(test.value, (int, float)):
        return
    column = column_of(problem.cluster, test.attribute)
    values = column.as_numbers[column.codes]
    known = np.flatnonzero(~np.isnan(values))
    if test.attribute.subject != "node" or not len(known):
        return
    is_least = test.operator in BELOW
    at = int(known[np.argmin(values[known]) if is_least else np.argmax(values[known])])
    nearest = float(values[at])
    if nearest > test.value if is_least else nearest < test.value:
        yield Beyond(rule.owner, str(test.attribute), is_least, nearest, problem.cluster.nodes.ids[at])
