"""Why for all shards at once: those with equal reasons together, in batches of rows over all nodes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from shardwright.cluster.columns import BoolArray
from shardwright.grammar.rules import Rule
from shardwright.solver.quantities import LongArray
from shardwright.solver.why.exchange import Exchanges, Scales, exchanges_of
from shardwright.solver.why.shard import Verdicts, bars, is_rule
from shardwright.solver.why.standing import Batch

CELLS = 100_000  # pairs of shard and node in a batch: what fits the caches of a processor


@dataclass(frozen=True)
class SameReasons:
    """Shards (rows) of one class with as many replicas, for which the same rules speak.

    `against`: rules that keep some node from them. `decided`: goals that speak first against some node that
    is allowed. Both in the order of rules.
    """

    shards: tuple[int, ...]
    replicas: int
    against: tuple[Rule, ...]
    decided: tuple[Rule, ...]


Key = tuple[int, int, tuple[int, ...], tuple[int, ...]]


def why_all(scales: Scales) -> tuple[SameReasons, ...]:
    """All shards, the largest groups first."""
    standing = scales.standing
    order = np.argsort(standing.class_of, kind="stable").astype(np.int32)
    size = max(1, CELLS // max(1, standing.nodes))
    rows: defaultdict[Key, list[int]] = defaultdict(list)
    for start in range(0, len(order), size):
        batch = Batch(standing, np.sort(order[start : start + size]))
        for key, shard in _keys(scales, batch):
            rows[key].append(shard)
    rules = standing.problem.rules
    groups = (
        SameReasons(
            tuple(sorted(shards)),
            replicas,
            tuple(rules[at] for at in against),
            tuple(rules[at] for at in decided),
        )
        for (_, replicas, against, decided), shards in rows.items()
    )
    return tuple(sorted(groups, key=lambda group: (-len(group.shards), group.shards)))


def _keys(scales: Scales, batch: Batch) -> Iterator[tuple[Key, int]]:
    against, decided = _speaking(exchanges_of(scales, batch), len(scales.standing.problem.rules))
    told = np.concatenate([batch.classes[:, None], batch.count[:, None], against, decided], axis=1)
    middle = 2 + against.shape[1]
    keys: dict[bytes, Key] = {}
    for row, words in zip(batch.rows.tolist(), told, strict=True):
        seen = words.tobytes()  # most shards say what another has said
        if seen not in keys:
            keys[seen] = int(words[0]), int(words[1]), _numbers(words[2:middle]), _numbers(words[middle:])
        yield keys[seen], row


def _numbers(flags: LongArray) -> tuple[int, ...]:
    return tuple(np.flatnonzero(flags).tolist())


def _speaking(found: Exchanges, rules: int) -> tuple[LongArray, LongArray]:
    """Rules that keep a node from each shard, and that speak first against an allowed one: (rows, rules)."""
    against, decided = (np.zeros((len(found.batch.rows), rules), dtype=np.int64) for _ in range(2))
    verdicts, held = Verdicts(found), found.batch.is_held
    closed, first = ~verdicts.allowed & ~held, verdicts.first
    open_to: BoolArray = verdicts.allowed & ~held
    some_closed, some_forbidden = bool(closed.any()), bool(verdicts.forbidden.any())
    for one in found.effects:
        rule = one.rule
        if some_closed and one.fault is not None:
            against[:, rule.id] |= (closed & (found.of(one.fault) > 0)).any(axis=1)
        if some_forbidden and (barred := bars(one)) is not None:
            against[:, rule.id] |= (closed & verdicts.forbidden & barred).any(axis=1)
        if one.cost is None or rule.level is None:
            continue
        deciding = open_to & (first == found.levels.index(rule.level) + 1)
        given_up = some_closed and is_rule(one)
        if given_up or deciding.any():
            costs = found.of(one.cost) > 0
            decided[:, rule.id] |= (deciding & costs).any(axis=1)
            if given_up:
                against[:, rule.id] |= (closed & costs).any(axis=1)
    return against, decided
