"""A problem: requirements with the numbers of a cluster, complete and printable, before any solving."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cached_property
from typing import Any

import numpy as np

from shardwright.cluster.cluster import Cluster, IntArray
from shardwright.grammar.emit import PolicyProgram
from shardwright.grammar.rules import FewestMoves, Rule, Statement
from shardwright.solver.meters import Measure, Meter, MeterBuilder
from shardwright.solver.quantities import LongArray, Quantities, divided, fitting, quantify
from shardwright.solver.requirements import Requirements, require
from shardwright.solver.sites import Sites

LevelKey = tuple[int, int]


@dataclass(frozen=True)
class Problem:
    """What solving, searching and certifying all read.

    `levels` are (block, priority), most important first. `floor` and `ceiling` are replica counts of
    each shard, `settled_count` how many it has now. `pinned` are (shard row, node row) pairs that every
    placement must contain: what if this replica were there? `near` is a placement of which the answer keeps
    as much as it can, once everything else is as good as can be.
    """

    cluster: Cluster
    requirements: Requirements
    quantities: Quantities
    measures: tuple[Measure, ...]
    meters: tuple[Meter, ...]
    move_measures: dict[int, int]  # rule -> measure, for fewest_moves in bytes or cost
    sites: Sites
    levels: tuple[LevelKey, ...]
    floor: IntArray
    ceiling: IntArray
    settled_count: IntArray
    pinned: tuple[tuple[int, int], ...] = ()
    near: tuple[tuple[int, int], ...] = ()

    @property
    def rules(self) -> tuple[Rule, ...]:
        return self.requirements.rules

    @cached_property
    def _factors(self) -> dict[tuple[int, int, int], int]:
        return {(meter.rule, meter.site.number, meter.measure): meter.factor for meter in self.meters}

    @cached_property
    def proofs(self) -> dict[Any, Any]:
        """Lower bounds that have been found (solver/bounds), by what they hold for."""
        return {}

    def factor(self, rule: int, what: tuple[str, tuple[int, ...]]) -> int:
        """What one unit of an amount costs, before the weight of its policy."""
        name, arguments = what
        return self._factors[rule, arguments[0], arguments[1]] if name == "site" else 1


def build_problem(
    built_in: Sequence[Rule],
    statements: Sequence[Statement],
    program: PolicyProgram,
    cluster: Cluster,
) -> Problem:
    """Ground the policies over the cluster's classes and add its numbers."""
    return _with_numbers(require(built_in, statements, program, cluster), cluster, 0)


def with_room(problem: Problem, placement: Sequence[tuple[int, int]]) -> Problem:
    """The problem, with numbers that leave room for a placement of more replicas than anybody wants."""
    shards = np.array([shard for shard, _ in placement], dtype=np.int64)
    held = np.bincount(shards, minlength=len(problem.ceiling)).astype(np.int32)
    if (held <= np.maximum(np.maximum(problem.ceiling, problem.settled_count), 1)).all():
        return problem
    return replace(
        _with_numbers(problem.requirements, problem.cluster, held), pinned=problem.pinned, near=problem.near
    )


def _with_numbers(requirements: Requirements, cluster: Cluster, held: IntArray | int) -> Problem:
    of = requirements.classes.shards.of
    ceiling = requirements.ceiling[of]
    settled_count = np.bincount(cluster.settled.shard, minlength=len(of)).astype(np.int32)
    copies = np.maximum(np.maximum(np.maximum(ceiling, settled_count), 1), held)
    quantities = quantify(cluster, copies)
    builder = MeterBuilder(cluster, requirements, quantities, ceiling.astype(np.int64), Sites(cluster))
    for rule in requirements.rules:
        builder.add(rule)
    moves = {rule.id: _moved(builder, rule, copies) for rule in requirements.rules if _weighs_moves(rule)}
    levels = tuple(sorted({rule.level for rule in requirements.rules if rule.level is not None}))
    return Problem(
        cluster,
        requirements,
        quantities,
        tuple(builder.measures),
        tuple(builder.meters),
        moves,
        builder.sites,
        levels,
        requirements.floor[of],
        ceiling,
        settled_count,
    )


def _weighs_moves(rule: Rule) -> bool:
    return isinstance(rule.kind, FewestMoves) and rule.kind.unit != "moves"


def _moved(builder: MeterBuilder, rule: Rule, copies: IntArray) -> int:
    assert isinstance(rule.kind, FewestMoves)
    if rule.kind.unit == "cost":
        return builder.measure("move_cost", "move cost", builder.quantities.move_cost)
    return builder.measure("bytes", "bytes", _bytes(builder.cluster, builder.quantities, copies))


def _bytes(cluster: Cluster, quantities: Quantities, copies: IntArray) -> LongArray:
    """What moving a replica of each shard copies: its load of transient resources, on one scale."""
    moved = [at for at, transient in enumerate(cluster.transient) if transient]
    finest = max((quantities.scale[at] for at in moved), default=Fraction(1))
    factors = [int(finest / quantities.scale[at]) for at in moved]
    total = [
        sum(one * factor for one, factor in zip(row, factors, strict=True))
        for row in quantities.load[:, moved].tolist()
    ]
    return divided(total, fitting(total, copies))
