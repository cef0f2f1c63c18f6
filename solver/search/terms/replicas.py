"""Least and greatest numbers of replicas, in all or at a label value."""

from __future__ import annotations

import numpy as np

from shardwright.grammar.rules import Replicas, Rule
from shardwright.solver.search.build import Builder, ShapeRow
from shardwright.solver.search.tables import COUNT, NO_MOST, VALUE


def add(b: Builder, rule: Rule, kind: Replicas) -> None:
    if kind.key is None:
        _count(b, rule)
        return
    key, value = b.key(kind.key), b.value(kind.key, str(kind.value))
    most = NO_MOST if kind.most is None else kind.most
    for at in np.flatnonzero(b.speaks(rule)).tolist():
        b.row(at, ShapeRow(VALUE, rule, kind.least or 0, key, value, most))


def _count(b: Builder, rule: Rule) -> None:
    """What the logic has derived of the rule: an exact count may be overruled."""
    requirements = b.problem.requirements
    least = {of: count for number, of, count in requirements.least if number == rule.id}
    most = {of: count for number, of, count in requirements.most if number == rule.id}
    for at, of in enumerate(b.kind_class.tolist()):
        if of in least or of in most:
            b.row(at, ShapeRow(COUNT, rule, least.get(of, 0), most=most.get(of, NO_MOST)))
