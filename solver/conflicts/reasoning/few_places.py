"""More large replicas than the nodes have places so large."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from shardwright.solver.conflicts.arithmetic.large import Large, sizes
from shardwright.solver.conflicts.arithmetic.tables import Tables
from shardwright.solver.conflicts.reasoning.case import Case, Found
from shardwright.solver.conflicts.reasons import FewPlaces
from shardwright.solver.quantities import LongArray


def few_places(case: Case) -> Found:
    for rule, measure, table in case.tables():
        short = [one for one in _sizes(case, measure, table) if one.replicas > one.places]
        if not short:
            continue
        most = max(short, key=lambda one: one.replicas - one.places)
        rows = most.rows.tolist()
        reason = FewPlaces(
            case.stated([*case.judging, rule, *case.counting]),
            case.some(rows),
            most.replicas,
            float(most.size / case.scale(rule, measure)),
            case.rooms.problem.measures[measure].name,
            most.places,
        )
        return reason, rows
    return None


def _sizes(case: Case, measure: int, table: LongArray) -> Iterator[Large]:
    tables, numbers = Tables(case.rooms.question), {rule.id for rule in case.rules}
    wanted = np.zeros(len(tables.of), dtype=np.int64)
    classes = np.unique(tables.of[case.alike]).tolist()
    for of in classes:
        wanted[tables.members[of]] = tables.asking(numbers, of)[0]
    rooms = {of: tables.room(numbers, of) for of in classes}
    return sizes(case.rooms.problem.measures[measure].weights, wanted, table, tables.of, rooms)
