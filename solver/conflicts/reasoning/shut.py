"""Nodes that are closed, by their state, to shards that could stand there otherwise."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from shardwright.cluster.columns import BoolArray
from shardwright.grammar.rules import NodeState
from shardwright.solver.conflicts.reasoning.case import FEW, Case
from shardwright.solver.conflicts.reasons import Closed, Shut, Some

FEW_NODES = 4  # closed nodes by name: they are what an operator looks for


def closed_to(case: Case, row: int) -> BoolArray:
    """The nodes that all other rules leave to a shard, but not their state."""
    states = [rule for rule in case.judging if isinstance(rule.kind, NodeState)]
    if not states:
        return np.zeros(case.rooms.size, dtype=bool)
    others = [rule for rule in case.judging if rule not in states]
    closed: BoolArray = case.rooms.of(others, row) & ~case.rooms.of(states, row)
    return closed


def shut(case: Case, rows: Sequence[int]) -> Shut | None:
    """The closed nodes, where they are the same for all of these shards."""
    closed = closed_to(case, rows[0])
    told_apart = {case.told_apart(row): row for row in rows}
    if not closed.any() or any((closed_to(case, row) != closed).any() for row in told_apart.values()):
        return None
    at = np.flatnonzero(closed).tolist()
    ids = case.rooms.problem.cluster.nodes.ids
    states = tuple(dict.fromkeys(case.rooms.states[node] for node in at))
    few = FEW_NODES if len(at) <= FEW_NODES else FEW
    return Shut(states, tuple(ids[node] for node in at[:few]), len(at))


def shutting(case: Case, rows: Sequence[int]) -> tuple[Shut | None, tuple[str, ...]]:
    """The closed nodes; where they differ from shard to shard, the rule about states is named instead."""
    found = shut(case, rows)
    states = () if found else (rule.owner for rule in case.judging if isinstance(rule.kind, NodeState))
    return found, (*case.stated(case.judging), *states)


def closed(case: Case, row: int) -> Closed | None:
    """The fact about one shard: which nodes, and what they are."""
    at = np.flatnonzero(closed_to(case, row)).tolist()
    if not at:
        return None
    ids, by_state = case.rooms.problem.cluster.nodes.ids, dict[str, list[str]]()
    for node in at:
        by_state.setdefault(case.rooms.states[node], []).append(ids[node])
    states = tuple(
        (state, Some("node", tuple(names[: FEW_NODES if len(names) <= FEW_NODES else FEW]), len(names)))
        for state, names in by_state.items()
    )
    owner = next(rule.owner for rule in case.judging if isinstance(rule.kind, NodeState))
    return Closed(owner, case.rooms.problem.cluster.shards.ids[row], states)
