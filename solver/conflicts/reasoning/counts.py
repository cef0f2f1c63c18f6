"""More replicas asked for than allowed."""

from __future__ import annotations

from shardwright.grammar.rules import Replicas
from shardwright.solver.conflicts.reasoning.case import Case, Found
from shardwright.solver.conflicts.reasons import Counts


def counts(case: Case) -> Found:
    asking = [rule for rule in case.rules if isinstance(rule.kind, Replicas) and rule.kind.key is None]
    if len(asking) < 1 or len(asking) < len([r for r in case.rules if r.kind.name != "placed"]):
        return None
    of = case.class_of(case.shards[0])
    numbers = {rule.id for rule in asking}
    requirements = case.rooms.problem.requirements
    least = max((count for rule, at, count in requirements.least if at == of and rule in numbers), default=0)
    most = min(
        (count for rule, at, count in requirements.most if at == of and rule in numbers), default=2**30
    )
    if least <= most:
        return None
    rows = [row for row in case.alike if _clashes(case, row, numbers)]
    return Counts(case.owners(asking), case.some(rows), least, most), rows


def _clashes(case: Case, row: int, numbers: set[int]) -> bool:
    of, requirements = case.class_of(row), case.rooms.problem.requirements
    least = max((count for rule, at, count in requirements.least if at == of and rule in numbers), default=0)
    most = min(
        (count for rule, at, count in requirements.most if at == of and rule in numbers), default=2**30
    )
    return least > most
