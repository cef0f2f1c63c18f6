"""What keeps a replica off a node whatever stands elsewhere."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from shardwright.grammar.rules import Allow, Capacity, Leave, NodeState
from shardwright.solver.why.exchange import Scales
from shardwright.solver.why.meters import Gauge
from shardwright.solver.why.reasons import Reason
from shardwright.solver.why.singles import AMOUNTS
from shardwright.solver.why.standing import NOBODY, Batch

HARD = ("required", "no_worse")


def alone(scales: Scales, row: int, node: int) -> tuple[Reason, ...]:
    """Each rule that must hold and that the replica breaks by itself; empty if there is none.

    No_worse rules are among them where they are not broken there today. Looks at one shard alone.
    """
    batch = Batch(scales.standing, np.array([row], dtype=np.int32))
    return (*_single(batch, row, node), *_too_heavy(scales, batch, row, node))


def _single(batch: Batch, row: int, node: int) -> Iterator[Reason]:
    problem = batch.standing.problem
    tolerated = bool(batch.is_settled[0, node])
    for rule in problem.rules:
        if rule.enforcement not in HARD or not isinstance(rule.kind, (Allow, Leave, NodeState)):
            continue
        if rule.enforcement == "no_worse" and tolerated:
            continue
        if not problem.requirements.speaks[rule.id, batch.classes[0]]:
            continue
        amount = int(AMOUNTS[type(rule.kind)](batch, rule, rule.kind)[0, node])
        if amount > 0:
            yield Reason("forbids", row, (node,), rule, amount, amount, alone=True)


def _too_heavy(scales: Scales, batch: Batch, row: int, node: int) -> Iterator[Reason]:
    problem = scales.standing.problem
    for rule in problem.rules:
        if rule.enforcement not in HARD or not isinstance(rule.kind, Capacity):
            continue
        for gauge in scales.gauges.get(rule.id, []):
            beyond = int(problem.measures[gauge.measure].weights[row]) - _room(gauge, node)
            if beyond > 0:
                yield Reason("forbids", row, (node,), rule, beyond, beyond, gauge.measure, alone=True)


def _room(gauge: Gauge, node: int) -> int:
    """What may be on the node's site at most: its limit, and what is tolerated beyond it."""
    site = int(gauge.site[node])
    if site == NOBODY:
        return 2**62
    tolerated = int(gauge.tolerated[site]) if gauge.rule.enforcement == "no_worse" else 0
    return int(gauge.limit[site]) + tolerated
