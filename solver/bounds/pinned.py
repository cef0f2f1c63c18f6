"""What a replica that must be on a node takes: room there, and the place of another of its shard."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import numpy as np
from numpy.typing import NDArray

from shardwright.grammar.rules import Rule, Spread
from shardwright.solver.bounds.cover import Longs
from shardwright.solver.problem import Problem


def arrivals(problem: Problem) -> list[tuple[int, int]]:
    """The pinned pairs that are not settled."""
    settled = problem.cluster.settled
    known = set(zip(settled.shard.tolist(), settled.node.tolist(), strict=True)) if problem.pinned else set()
    return [pair for pair in problem.pinned if pair not in known]


def staying(problem: Problem) -> NDArray[np.bool_]:
    """Of the settled replicas (rows of `cluster.settled`), those that are pinned where they are."""
    settled, size = problem.cluster.settled, len(problem.cluster.nodes.ids)
    pinned = [shard * size + node for shard, node in problem.pinned]
    found: NDArray[np.bool_] = np.isin(settled.shard.astype(np.int64) * size + settled.node, pinned)
    return found


def room_left(problem: Problem, limit: Longs) -> Longs:
    """Limits (nodes, measures) of all but the pinned replicas that arrive."""
    left = limit.copy()
    for shard, node in arrivals(problem):
        # The type is said, for without measures numpy would take an empty list for floats.
        left[node] -= np.array([measure.weights[shard] for measure in problem.measures], dtype=np.int64)
    return left


def must_leave(problem: Problem, rules: Iterable[Rule]) -> Iterator[list[int]]:
    """Lists of settled pairs (rows of `cluster.settled`) of which one at least must leave.

    `rules` are those that are kept.
    """
    settled, kept = problem.cluster.settled, tuple(rules)
    for shard, node in arrivals(problem):
        homes = np.flatnonzero(settled.shard == shard)
        if len(homes) >= problem.ceiling[shard]:
            yield homes.tolist()
        for rule in kept:
            if isinstance(rule.kind, Spread) and rule.kind.limit == "max" and _speaks(problem, rule, shard):
                label = problem.cluster.nodes.labels.get(rule.kind.by)
                if label is None or label.codes[node] < 0:
                    continue
                near = homes[label.codes[settled.node[homes]] == label.codes[node]]
                if len(near) >= rule.kind.amount:
                    yield near.tolist()


def _speaks(problem: Problem, rule: Rule, shard: int) -> bool:
    of = problem.requirements.classes.shards.of[shard]
    return bool(problem.requirements.speaks[rule.id, of])
