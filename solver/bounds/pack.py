"""How many nodes the governed load takes at least, in all measures at once."""

from __future__ import annotations

import numpy as np

from shardwright.grammar.rules import Rule
from shardwright.solver.bounds.cover import Longs, fewest
from shardwright.solver.bounds.limits import UNLIMITED
from shardwright.solver.problem import Problem


def fewest_nodes(problem: Problem, rule: Rule, limit: Longs) -> tuple[int, tuple[int, ...]]:
    """The number, and the weights of the measures that show it. `limit` has shape (nodes, measures).

    Only where every node counts: load on a node that does not count costs nothing.
    """
    governed = problem.requirements.speaks[rule.id][problem.requirements.classes.shards.of]
    admits = problem.requirements.admits.get(rule.id)
    counted = np.zeros(len(limit), dtype=bool)
    if admits is not None and admits.ndim == 1:
        counted = admits[problem.requirements.classes.nodes.of]
    if not counted.all() or not governed.any():
        return 0, ()
    limited = np.flatnonzero((limit < UNLIMITED).all(axis=0))
    demand = [int(problem.measures[at].weights[governed] @ problem.floor[governed]) for at in limited]
    least, weights = fewest(np.maximum(limit[:, limited], 0), np.array(demand, dtype=np.int64))
    return max(int(problem.floor[governed].max(initial=0)), min(least, len(limit))), weights
