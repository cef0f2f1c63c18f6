"""Rules that count the replicas of one shard: how many, and how many at each value of a label."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import numpy as np

from shardwright.cluster.cluster import IntArray
from shardwright.cluster.columns import BoolArray
from shardwright.grammar.rules import NODE, Placed, Replicas, Rule, Spread
from shardwright.solver.facts import NOWHERE
from shardwright.solver.quantities import LongArray
from shardwright.solver.why.effects import Change, Effect, effect, leaving
from shardwright.solver.why.standing import NOBODY, Batch

Amount = Callable[[LongArray], LongArray]  # of counts by value, shape (rows, values), to (rows,)


def total(batch: Batch, rule: Rule) -> Effect:
    """How many replicas there are changes only where one arrives and nobody leaves."""
    least, most = _limits(batch, rule)

    def amount(count: LongArray) -> LongArray:
        amounts: LongArray = np.maximum(0, least - count) + np.maximum(0, count - most)
        return amounts

    def more(tolerated: LongArray | int) -> Change:
        before, after = (np.maximum(0, amount(batch.count + by) - tolerated) for by in (0, 1))
        change = leaving(batch, np.zeros(batch.held.shape, dtype=np.int64))
        change[:, -1] = after - before
        return Change(leave=change)

    return effect(rule, more(0), more(amount(batch.settled_count)))


def _limits(batch: Batch, rule: Rule) -> tuple[LongArray, LongArray]:
    problem = batch.standing.problem
    if isinstance(rule.kind, Placed):
        return problem.floor[batch.rows].astype(np.int64), problem.ceiling[batch.rows].astype(np.int64)
    requirements = problem.requirements
    found = []
    for rows, without in ((requirements.least, 0), (requirements.most, NOWHERE)):
        limit = np.full(requirements.classes.shards.size, without, dtype=np.int64)
        for number, shard_class, count in rows:
            if number == rule.id:
                limit[shard_class] = count
        found.append(limit[batch.classes])
    return found[0], found[1]


def valued(batch: Batch, rule: Rule) -> Effect:
    """Counts at the values of a label: what arrives there and what leaves from there depend on each other."""
    kind = rule.kind
    assert isinstance(kind, (Replicas, Spread))
    key = kind.by if isinstance(kind, Spread) else kind.key
    assert key is not None
    codes, _ = batch.standing.codes(key)
    counts = batch.by_value(batch.held, key)
    tolerated = batch.by_value(batch.settled, key) if rule.enforcement == "no_worse" else None
    amount = _amount(batch, rule, key, None)
    beyond = None
    if tolerated is not None:
        beyond = Change(both=_both(batch, codes, counts, _amount(batch, rule, key, tolerated)), codes=codes)
    return effect(rule, Change(both=_both(batch, codes, counts, amount), codes=codes), beyond)


def _both(batch: Batch, codes: IntArray, counts: LongArray, amount: Amount) -> LongArray:
    """The change for each option that leaves and each value (or none) at which a replica arrives."""
    rows, values = counts.shape
    before = amount(counts)
    changes = np.zeros((rows, batch.options, values + 1), dtype=np.int64)
    every = np.arange(rows)
    for option in range(batch.options):
        left = counts.copy()
        if option < batch.held.shape[1]:
            node = batch.held[:, option]
            code = np.where(node == NOBODY, NOBODY, codes[np.maximum(node, 0)])
            gone = code != NOBODY
            left[every[gone], code[gone]] -= 1
        changes[:, option, values] = amount(left) - before
        for value in range(values):
            left[:, value] += 1
            changes[:, option, value] = amount(left) - before
            left[:, value] -= 1
    return changes


def _amount(batch: Batch, rule: Rule, key: str, tolerated: LongArray | None) -> Amount:
    """The amount of a rule beyond what the counts of the snapshot's own placement come to."""
    kind = rule.kind
    assert isinstance(kind, (Replicas, Spread))
    governed = batch.standing.governed(rule.id, batch.rows)
    by_value = partial(_at_values, kind, _value(batch, kind, key))
    if isinstance(kind, Replicas) or kind.limit == "max":
        allowed = 0 if tolerated is None else by_value(tolerated)
        return lambda counts: governed * np.maximum(0, by_value(counts) - allowed).sum(axis=1)
    whole = partial(_of_shard, kind, _eligible(batch, kind, key))
    allowed = 0 if tolerated is None else whole(tolerated)
    return lambda counts: governed * np.maximum(0, whole(counts) - allowed)


def _value(batch: Batch, kind: object, key: str) -> int | None:
    """The number of the one value that a rule about replicas names; None if it names none that exists."""
    if not isinstance(kind, Replicas) or kind.value is None:
        return None
    cluster = batch.standing.problem.cluster
    names = (
        cluster.nodes.ids
        if key == NODE
        else cluster.nodes.labels[key].values
        if key in cluster.nodes.labels
        else ()
    )
    return names.index(kind.value) if kind.value in names else None


def _at_values(kind: Replicas | Spread, value: int | None, counts: LongArray) -> LongArray:
    """Amounts whose What is a shard and a value."""
    if isinstance(kind, Spread):
        return np.maximum(0, counts - kind.amount)
    if value is None:
        return np.zeros((len(counts), 1), dtype=np.int64)  # at a value that nobody carries nothing changes
    there = counts[:, value : value + 1]
    most = NOWHERE if kind.most is None else kind.most
    amounts: LongArray = np.maximum(0, (kind.least or 0) - there) + np.maximum(0, there - most)
    return amounts


def _of_shard(kind: Spread, eligible: BoolArray | None, counts: LongArray) -> LongArray:
    """Amounts whose What is a shard."""
    if kind.limit == "max_skew":
        assert eligible is not None
        if not counts.shape[1]:
            return np.zeros(len(counts), dtype=np.int64)
        least = np.where(eligible, counts, NOWHERE).min(axis=1)
        least[least == NOWHERE] = 0
        amounts: LongArray = np.maximum(0, counts.max(axis=1) - least - kind.amount)
        return amounts
    distinct: LongArray = (counts > 0).sum(axis=1)
    return np.maximum(0, kind.amount - distinct if kind.limit == "min_values" else distinct - kind.amount)


def _eligible(batch: Batch, kind: object, key: str) -> BoolArray | None:
    """For max_skew: values that an active node carries, open to the shard if any is: shape (rows, values)."""
    if not isinstance(kind, Spread) or kind.limit != "max_skew":
        return None
    standing = batch.standing
    codes, values = standing.codes(key)
    carried = np.zeros((standing.problem.requirements.classes.nodes.size, values), dtype=bool)
    carries = np.flatnonzero((standing.states == "active") & (codes != NOBODY))
    carried[standing.node_class[carries], codes[carries]] = True
    barred = standing.barred_always[batch.classes]
    open_to = np.einsum("sn,nv->sv", ~barred, carried)
    return np.where(open_to.any(axis=1, keepdims=True), open_to, carried.any(axis=0))
