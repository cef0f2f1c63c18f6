"""Reasons that a single shard is enough to see."""

from __future__ import annotations

import numpy as np

from shardwright.grammar.rules import Spread, Stay
from shardwright.solver.conflicts.buckets import site_codes
from shardwright.solver.conflicts.reasoning.case import FEW, Case, Found
from shardwright.solver.conflicts.reasoning.shut import shutting
from shardwright.solver.conflicts.reasons import (
    Held,
    NoNode,
    Some,
    TooFewNodes,
    TooFewReplicas,
    TooFewValues,
    TooHeavy,
)
from shardwright.solver.quantities import LongArray


def alone(case: Case) -> Found:
    """A single shard is enough to see it."""
    if len(case.shards) != 1:
        return None
    for attempt in (no_node, too_heavy, too_few_values, held):
        found = attempt(case)
        if found is not None:
            return found
    return None


def no_node(case: Case) -> Found:
    wanted, left = case.short(case.shards[0])
    if left >= wanted:
        return None
    rows = case.or_first([row for row in case.alike if case.kept(row) == (wanted, left)])
    closed, owners = shutting(case, rows)
    asking = case.stated([rule for rule in case.counting if case.rooms.speaks(rule, rows[0])])
    if left == 0 and case.judging:
        return NoNode(owners, case.some(rows), closed, asking), rows
    return TooFewNodes(owners, case.some(rows), wanted, left, closed, asking), rows


def too_heavy(case: Case) -> Found:
    row = case.shards[0]
    room = case.rooms.of(case.judging, row)
    for rule, measure, table in case.tables():
        weights = case.rooms.problem.measures[measure].weights
        if (table[room] >= weights[row]).sum() >= max(1, case.rooms.wanted(case.rules, row)):
            continue
        rows = _heavy(case, table, weights)
        first = max(rows, key=lambda at: (int(weights[at]), -at))
        open_to = case.rooms.of(case.judging, first)
        fitting = int((table[open_to] >= weights[first]).sum())
        small = np.flatnonzero(open_to & (table < weights[first]))
        best = int(small[np.argmax(table[small])]) if len(small) else None
        scale = case.scale(rule, measure)
        return (
            TooHeavy(
                case.stated([*case.judging, rule]),
                case.some(rows),
                case.rooms.problem.cluster.shards.ids[first],
                float(weights[first] / scale),
                case.rooms.problem.measures[measure].name,
                None if best is None else case.rooms.problem.cluster.nodes.ids[best],
                0.0 if best is None else float(max(0, int(table[best])) / scale),
                max(1, case.rooms.wanted(case.rules, first)),
                fitting,
                best is not None and case.is_borne(rule, best, measure),
            ),
            rows,
        )
    return None


def _heavy(case: Case, table: LongArray, weights: LongArray) -> list[int]:
    """The shards likewise: too few of the nodes left to them take one."""
    found: list[int] = []
    takes: dict[tuple[int, int | None], int] = {}
    for row in case.alike:
        key = case.told_apart(row)
        if key not in takes:
            room = table[case.rooms.of(case.judging, row)]
            wanted = max(1, case.rooms.wanted(case.rules, row))
            takes[key] = int(np.sort(room)[-wanted]) if len(room) >= wanted else -1
        if int(weights[row]) > takes[key]:
            found.append(row)
    return case.or_first(found)


def too_few_values(case: Case) -> Found:
    row = case.shards[0]
    room = case.rooms.of(case.judging, row)
    for rule in case.rules:
        if not isinstance(rule.kind, Spread) or not case.rooms.speaks(rule, row):
            continue
        codes = site_codes(case.rooms.problem, rule.kind.by)
        inside = codes[room & (codes >= 0)]
        values = np.unique(inside)
        wanted = _values_wanted(case, rule.kind, row, int((room & (codes < 0)).sum()))
        if wanted is not None and len(values) >= wanted > case.most(row):
            return _too_few_replicas(case, rule.kind.by, wanted)
        if wanted is None or len(values) >= wanted:
            continue
        label = case.rooms.problem.cluster.nodes.labels.get(rule.kind.by)
        names = tuple(label.values[code] for code in values.tolist()[:FEW]) if label is not None else ()
        rows = [at for at in case.alike if _same_room(case, at, row)]
        closed, owners = shutting(case, rows)
        found = Some(rule.kind.by, names, len(values))
        asking = case.stated(case.counting) if rule.kind.limit == "max" else ()
        some = case.some(rows)
        return TooFewValues(rule.owner, owners, some, wanted, rule.kind.by, found, closed, asking), rows
    return None


def _too_few_replicas(case: Case, key: str, wanted: int) -> Found:
    """A placement gives a shard no more replicas than are wanted of it."""
    most = case.most(case.shards[0])
    rows = [row for row in case.alike if case.most(row) == most]
    return TooFewReplicas(case.some(rows), wanted, key, most), rows


def held(case: Case) -> Found:
    """A replica has to stay where other rules do not let it stand."""
    for rule in case.rules:
        if isinstance(rule.kind, Stay) and rule.policy is not None:
            wrong = {
                row: case.rooms.kept_by(rule, row) & ~case.rooms.of(case.judging, row) for row in case.alike
            }
            rows = [row for row in case.alike if wrong[row].any()]
            if case.shards[0] in rows:
                cluster = case.rooms.problem.cluster
                node = cluster.nodes.ids[int(np.argmax(wrong[rows[0]]))]
                others = case.owners(case.judging)
                return Held(rule.owner, others, case.some(rows), cluster.shards.ids[rows[0]], node), rows
    return None


def _same_room(case: Case, at: int, row: int) -> bool:
    if at == row:
        return True
    if case.told_apart(at) == case.told_apart(row):
        return True
    same = case.rooms.of(case.judging, at) == case.rooms.of(case.judging, row)
    wants = case.rooms.wanted(case.rules, at) == case.rooms.wanted(case.rules, row)
    return bool(same.all()) and wants


def _values_wanted(case: Case, kind: Spread, row: int, beside: int) -> int | None:
    """How many values a spread rule needs; `beside` nodes have none and count nowhere."""
    if kind.limit == "min_values":
        return kind.amount
    if kind.limit == "max" and kind.amount > 0:
        return -(-(case.rooms.wanted(case.rules, row) - beside) // kind.amount)
    return None
