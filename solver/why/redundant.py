"""A policy that required rules of others make redundant: whatever keeps these, it has nothing to say against.

With and without it the same placements are admissible at the same costs, so nothing has to be solved.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from shardwright.cluster.columns import BoolArray
from shardwright.grammar.rules import Allow, Leave, Rule, Spread
from shardwright.solver.problem import Problem


def is_redundant(problem: Problem, policy: str) -> bool:
    """Whether no rule of a policy can be broken where the required rules of the others are kept."""
    own = [rule for rule in problem.rules if rule.policy == policy]
    others = [rule for rule in problem.rules if rule.policy != policy and rule.enforcement == "required"]
    # Which values count for skew depends on what is allowed, broken or not.
    skewed = any(isinstance(rule.kind, Spread) and rule.kind.limit == "max_skew" for rule in problem.rules)
    return not skewed and all(_is_kept(problem, rule, others) for rule in own)


def _is_kept(problem: Problem, rule: Rule, others: Sequence[Rule]) -> bool:
    governed = problem.requirements.speaks[rule.id]
    match rule.kind:
        case Allow():
            wrong = governed[:, None] & ~_admits(problem, rule)
        case Leave():
            wrong = governed[:, None] & _admits(problem, rule)
        case Spread(limit="max"):
            return not (governed & ~_spread_by(problem, rule.kind, others)).any()
        case _:
            return False
    return not (wrong & ~_forbidden(problem, others)).any()


def _admits(problem: Problem, rule: Rule) -> BoolArray:
    """Whether a rule's test holds: shape (shard classes, node classes)."""
    classes = problem.requirements.classes
    shape = classes.shards.size, classes.nodes.size
    table = problem.requirements.admits.get(rule.id)
    return np.zeros(shape, dtype=bool) if table is None else np.array(np.broadcast_to(table, shape))


def _forbidden(problem: Problem, others: Sequence[Rule]) -> BoolArray:
    """The pairs of classes that a required rule forbids to every replica."""
    classes = problem.requirements.classes
    found = np.zeros((classes.shards.size, classes.nodes.size), dtype=bool)
    for rule in others:
        if isinstance(rule.kind, Allow) and not rule.kind.arrivals:
            found |= problem.requirements.speaks[rule.id][:, None] & ~_admits(problem, rule)
    return found


def _spread_by(problem: Problem, kind: Spread, others: Sequence[Rule]) -> BoolArray:
    """The classes of shards whose replicas share a value no more often: by another rule, or being few."""
    found: BoolArray = problem.requirements.ceiling <= kind.amount
    for rule in others:
        other = rule.kind
        if not isinstance(other, Spread) or (other.limit, other.by) != (kind.limit, kind.by):
            continue
        if other.amount <= kind.amount:
            found = found | problem.requirements.speaks[rule.id]
    return found
