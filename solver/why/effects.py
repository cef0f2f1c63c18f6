"""What an exchange of replicas does to the amounts of a rule, for many shards and every node at once."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from shardwright.cluster.cluster import IntArray
from shardwright.grammar.rules import Rule
from shardwright.solver.quantities import LongArray
from shardwright.solver.why.standing import Batch


@dataclass(frozen=True)
class Change:
    """By how much something grows when a replica arrives on a node and another leaves (or nobody).

    `arrive` has shape (rows, nodes), `leave` (rows, options), and `both` (rows, options, values + 1):
    what depends on both, by the value that the node has in `codes` (shape (nodes,), the last entry stands
    for none). The change is the sum of the three; a missing one is zero.
    """

    arrive: LongArray | None = None
    leave: LongArray | None = None
    both: LongArray | None = None
    codes: IntArray | None = None

    def times(self, factor: int) -> Change:
        if factor == 1:
            return self
        arrive, leave, both = (
            None if part is None else part * factor for part in (self.arrive, self.leave, self.both)
        )
        return Change(arrive, leave, both, self.codes)


@dataclass(frozen=True)
class Effect:
    """What a rule has to say about exchanges of the shards of a batch.

    `cost` is the change of what it costs at its level (None for required rules), `fault` that of its
    amount beyond what is allowed (None where it may yield). `measure` is what it measures, if anything.
    """

    rule: Rule
    cost: Change | None
    fault: Change | None
    measure: int | None = None


def effect(rule: Rule, amount: Change, beyond: Change | None = None) -> Effect:
    """The effect of a rule whose amounts change so; `beyond` is the change beyond what is tolerated."""
    cost = None if rule.level is None else amount.times(rule.weight)
    if rule.enforcement == "required":
        return Effect(rule, cost, amount)
    return Effect(rule, cost, (beyond or amount) if rule.enforcement == "no_worse" else None)


def leaving(batch: Batch, at_held: LongArray) -> LongArray:
    """A change for each replica that may leave, and none if nobody does."""
    return np.concatenate([at_held, np.zeros((len(batch.rows), 1), dtype=np.int64)], axis=1)
