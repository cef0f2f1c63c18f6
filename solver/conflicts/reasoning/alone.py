"""Reasons that a single shard is enough to see."""

from __future__ import annotations

import numpy as np

from shardwright.grammar.rules import Spread
from shardwright.solver.conflicts.buckets import site_codes
from shardwright.solver.conflicts.reasoning.case import FEW, Case, Found
from shardwright.solver.conflicts.reasons import NoNode, Some, TooFewNodes, TooFewValues, TooHeavy
from shardwright.solver.quantities import LongArray


def alone(case: Case) -> Found:
    """A single shard is enough to see it."""
    if len(case.shards) != 1:
        return None
    for attempt in (no_node, too_heavy, too_few_values):
        found = attempt(case)
        if found is not None:
            return found
    return None


def no_node(case: Case) -> Found:
    wanted, left = case.short(case.shards[0])
    if left >= wanted:
        return None
    rows = case.or_first([row for row in case.alike if case.kept(row) == (wanted, left)])
    if left == 0 and case.judging:
        return NoNode(case.owners(case.judging), case.some(rows)), rows
    return TooFewNodes(
        case.stated(case.judging) or case.owners(case.judging), case.some(rows), wanted, left
    ), rows


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
        if wanted is None or len(values) >= wanted:
            continue
        label = case.rooms.problem.cluster.nodes.labels.get(rule.kind.by)
        names = tuple(label.values[code] for code in values.tolist()[:FEW]) if label is not None else ()
        rows = [at for at in case.alike if _same_room(case, at, row)]
        owners = case.stated(case.judging) or ("the cluster",)
        return (
            (
                TooFewValues(
                    case.stated(case.judging),
                    case.some(rows),
                    wanted,
                    rule.kind.by,
                    Some(rule.kind.by, names, len(values)),
                ),
                rows,
            )
            if owners
            else None
        )
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
