"""The amounts that single replicas and nodes can come to, and how many of them there can be."""

from __future__ import annotations

import numpy as np

from shardwright.grammar.rules import Cost, FewestMoves, Nearness, Placed, Prefer, Replicas, Rule, Spread
from shardwright.solver.facts import distances
from shardwright.solver.problem import Problem


def single_amounts(problem: Problem, rule: Rule) -> list[int]:
    """The distinct amounts, never 0, of one What's unit under a rule that is not about measures."""
    match rule.kind:
        case Prefer(weight=weight):
            found = [abs(weight)]
        case Cost():
            found = problem.quantities.price.tolist()
        case Nearness():
            found = np.unique(distances(problem, rule.kind)).tolist()
        case FewestMoves() if rule.id in problem.move_measures:
            found = problem.measures[problem.move_measures[rule.id]].weights.tolist()
        case _:
            found = [1]
    return sorted({amount for amount in found if amount} or {1})


def most_terms(problem: Problem, rule: Rule) -> int:
    """How many units a rule can break in any placement that is looked at."""
    replicas = int(problem.ceiling.sum()) + int(problem.settled_count.sum()) + len(problem.cluster.nodes.ids)
    match rule.kind:
        case Replicas(least=int(least)) | Spread(limit="min_values", amount=least):
            return replicas + least * len(problem.ceiling)
        case Placed():
            return replicas + len(problem.pinned)
    return replicas
