"""Shards whose load is more than their nodes take together: Hall's condition, by a maximum flow."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from shardwright.cluster.columns import BoolArray
from shardwright.grammar.rules import NodeState
from shardwright.solver.conflicts.arithmetic.tables import Seen, Tables, added
from shardwright.solver.quantities import LongArray

MANY_CLASSES = 2_000


def summed(tables: Tables, chosen: set[int]) -> Iterator[Seen]:
    for (rule, measure), table in tables.rooms.tables.items():
        if rule not in chosen:
            continue
        short = _short(tables, chosen, measure, table)
        if short:
            rules = {judge.id for of in short for judge in tables.speaking(chosen, of)}
            rules |= {number for of in short for number in tables.asking(chosen, of)[1]} | {rule}
            rows = np.sort(np.concatenate([tables.members[of] for of in short]))
            yield Seen(tuple(sorted(rules)), tuple(rows.tolist()))


def _short(tables: Tables, chosen: set[int], measure: int, table: LongArray) -> list[int]:
    """Classes of shards that need more than their nodes take; none if all can be served."""
    needs: dict[bytes, int] = {}
    rooms: dict[bytes, BoolArray] = {}
    classes: dict[bytes, list[int]] = {}
    takes = np.maximum(table, 0)
    need_of = _needs(tables, chosen, measure)
    if sum(need_of.values()) > added(takes[_open_to_some(tables, chosen)]):
        return list(need_of)
    for of, need in list(need_of.items())[:MANY_CLASSES]:
        room = tables.room(chosen, of)
        key = room.tobytes()
        rooms[key] = room
        needs[key] = needs.get(key, 0) + need
        classes.setdefault(key, []).append(of)
    total = sum(needs.values())
    if all(total <= added(takes[room]) for room in rooms.values()):
        return []
    return [of for key in _unserved(needs, rooms, takes) for of in classes[key]]


def _open_to_some(tables: Tables, chosen: set[int]) -> BoolArray:
    """The nodes whose state lets some replica stand there."""
    open_to = np.ones(tables.rooms.size, dtype=bool)
    for rule in tables.judging:
        if rule.id in chosen and isinstance(rule.kind, NodeState):
            open_to &= np.any([tables.room_of(rule, of) for of in tables.present], axis=0)
    return open_to


def _needs(tables: Tables, chosen: set[int], measure: int) -> dict[int, int]:
    """What each class of shards needs of a measure; those that need none are left out."""
    weights = tables.weights_of[measure]
    found = {of: weights[of] * tables.asking(chosen, of)[0] for of in tables.present}
    return {of: need for of, need in found.items() if need > 0}


def _unserved(
    needs: dict[bytes, int],
    rooms: dict[bytes, BoolArray],
    takes: LongArray,
) -> list[bytes]:
    """A set of needs beyond what their rooms take together, from a minimum cut; empty if all are served."""
    import networkx as nx  # takes a while, and most programs never get here

    keys = sorted(needs)
    cells = np.stack([rooms[key] for key in keys], axis=1)
    kinds, kind_of = np.unique(cells, axis=0, return_inverse=True)
    graph = nx.DiGraph()
    graph.add_nodes_from(["source", "sink"])
    for at, key in enumerate(keys):
        graph.add_edge("source", ("need", at), capacity=needs[key])
    for number, kind in enumerate(kinds):
        graph.add_edge(("cell", number), "sink", capacity=added(takes[kind_of.reshape(-1) == number]))
        for at in np.flatnonzero(kind).tolist():
            graph.add_edge(("need", at), ("cell", number))
    served, (reached, _) = nx.minimum_cut(graph, "source", "sink")
    if served >= sum(needs.values()):
        return []
    return [key for at, key in enumerate(keys) if ("need", at) in reached]
