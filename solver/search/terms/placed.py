"""As many replicas as are wanted."""

from __future__ import annotations

from shardwright.grammar.rules import Placed, Rule
from shardwright.solver.search.build import Builder, ShapeRow
from shardwright.solver.search.tables import COUNT


def add(b: Builder, rule: Rule, kind: Placed) -> None:
    floor, ceiling = b.problem.requirements.floor, b.problem.requirements.ceiling
    for at, of in enumerate(b.kind_class.tolist()):
        b.row(at, ShapeRow(COUNT, rule, int(floor[of]), most=int(ceiling[of])))
