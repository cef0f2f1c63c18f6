"""What replicas add up to on each node, kept up to date where few of them move."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from shardwright.solver.problem import Problem
from shardwright.solver.quantities import LongArray
from shardwright.solver.recertify import Pairs


@dataclass(frozen=True)
class Held:
    """Replicas that are there besides others, and the limits that do not count them."""

    pairs: Pairs
    uncounted: frozenset[int] = frozenset()


@dataclass(frozen=True)
class Loads:
    """`on` has, for each measure that is limited, what is on each node."""

    problem: Problem
    on: Mapping[int, LongArray]

    def plus(self, pairs: Pairs, sign: int = 1) -> Loads:
        """With more replicas, or with fewer."""
        if not len(pairs):
            return self
        after: dict[int, LongArray] = {}
        for measure, before in self.on.items():
            after[measure] = before.copy()
            weights = self.problem.measures[measure].weights
            np.add.at(after[measure], pairs[:, 1], sign * weights[pairs[:, 0]])
        return replace(self, on=after)

    def moved(self, before: Pairs, after: Pairs) -> Loads:
        """With replicas elsewhere, row by row."""
        changed = (before != after).any(axis=1)
        return self.plus(before[changed], -1).plus(after[changed])

    def as_counted(self, rule: int, held: Sequence[Held]) -> Loads:
        """With what is held besides, as far as a rule counts it."""
        loads = self
        for one in held:
            if rule not in one.uncounted:
                loads = loads.plus(one.pairs)
        return loads


def loads_of(problem: Problem, pairs: Pairs) -> Loads:
    measures = sorted({meter.measure for meter in problem.meters})
    empty = np.zeros(len(problem.cluster.nodes.ids), dtype=np.int64)
    return Loads(problem, dict.fromkeys(measures, empty)).plus(pairs)
