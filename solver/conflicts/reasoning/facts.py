"""The few facts beside a reason."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from shardwright.grammar.rules import NodeState
from shardwright.solver.conflicts.reasoning.case import Case
from shardwright.solver.conflicts.reasoning.shut import closed
from shardwright.solver.conflicts.reasons import Alone, Fact, Largest, Leaves, NoNode, Reason, Wants

MOST_FACTS = 8


def facts(case: Case, reason: Reason | None = None) -> Iterator[Fact]:
    """Few: what each judging rule leaves to the first shard, what it wants, the largest node.

    What has nothing to do with the reason (where one is known) is left out.
    """
    if all(rule.policy is None for rule in case.rules):
        yield Alone()
    first = case.shards[0]
    name = case.rooms.problem.cluster.shards.ids[first]
    shut = closed(case, first)
    for rule in case.judging[:MOST_FACTS]:
        if shut is None or not isinstance(rule.kind, NodeState):
            room = case.rooms.of_rule(rule, first)
            yield Leaves(rule.owner, name, case.nodes(room), case.rooms.size, case.nodes(~room))
    if shut is not None:
        yield shut
    wanted = case.rooms.wanted(case.rules, first)
    if wanted > 1 and not isinstance(reason, NoNode):
        yield Wants(name, wanted)
    told = getattr(reason, "measure", None)
    for rule, measure, table in case.tables():
        if told not in (None, case.rooms.problem.measures[measure].name):
            continue
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
