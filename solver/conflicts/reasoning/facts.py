"""The few facts beside a reason."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from shardwright.solver.conflicts.reasoning.case import Case
from shardwright.solver.conflicts.reasons import Alone, Fact, Largest, Leaves, Wants

MOST_FACTS = 8


def facts(case: Case) -> Iterator[Fact]:
    """Few: what each judging rule leaves to the first shard, what it wants, the largest node."""
    if all(rule.policy is None for rule in case.rules):
        yield Alone()
    first = case.shards[0]
    name = case.rooms.problem.cluster.shards.ids[first]
    for rule in case.judging[:MOST_FACTS]:
        yield Leaves(rule.owner, name, case.nodes(case.rooms.of_rule(rule, first)), case.rooms.size)
    wanted = case.rooms.wanted(case.rules, first)
    if wanted > 1:
        yield Wants(name, wanted)
    for rule, measure, table in case.tables():
        weights = case.rooms.problem.measures[measure].weights
        if len(case.shards) == 1 and int(weights[first]) <= int(table.max(initial=0)):
            continue
        best = int(np.argmax(table)) if len(table) else None
        if best is not None and table[best] < 2**61:
            scale = case.scale(rule, measure)
            yield Largest(
                rule.owner,
                case.rooms.problem.cluster.nodes.ids[best],
                float(max(0, int(table[best])) / scale),
                case.rooms.problem.measures[measure].name,
                case.is_borne(rule, best, measure),
            )
