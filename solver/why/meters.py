"""Rules about measures: what a replica adds to a node, or to a label's value, beyond the limit there."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from fractions import Fraction

import numpy as np

from shardwright.cluster.cluster import IntArray
from shardwright.grammar.rules import NODE, Rule
from shardwright.solver.meters import Meter
from shardwright.solver.quantities import LongArray
from shardwright.solver.why.effects import Change, Effect, effect, leaving
from shardwright.solver.why.standing import NOBODY, Batch, Pairs, Standing

UNLIMITED = 2**40  # beyond every total


@dataclass(frozen=True)
class Gauge:
    """The meters of one rule and measure as arrays over sites, which no node is in twice.

    `site` has shape (nodes,): the number of a node's site here, NOBODY if it is in none. The others have one
    entry for each site; `tolerated` is the excess in the snapshot's own placement.
    """

    rule: Rule
    measure: int
    by_node: bool
    site: IntArray
    total: LongArray
    limit: LongArray
    factor: LongArray
    tolerated: LongArray
    scale: Fraction
    meters: tuple[Meter, ...]


def gauges(standing: Standing) -> dict[int, list[Gauge]]:
    """The gauges of each rule."""
    groups: defaultdict[tuple[int, int], list[Meter]] = defaultdict(list)
    for meter in standing.problem.meters:
        groups[meter.rule, meter.measure].append(meter)
    found: defaultdict[int, list[Gauge]] = defaultdict(list)
    totals = _Totals(standing)
    for (rule, measure), meters in groups.items():
        found[rule].append(_gauge(standing, standing.problem.rules[rule], measure, meters, totals))
    return dict(found)


class _Totals:
    """What the nodes carry of each measure, under the placement and under the snapshot's own."""

    def __init__(self, standing: Standing) -> None:
        self.standing = standing
        self.known: dict[tuple[int, bool], LongArray] = {}

    def of(self, measure: int, today: bool) -> LongArray:
        if (measure, today) not in self.known:
            pairs = self.standing.settled if today else self.standing.held
            self.known[measure, today] = self._add(measure, pairs)
        return self.known[measure, today]

    def _add(self, measure: int, pairs: Pairs) -> LongArray:
        weights = self.standing.problem.measures[measure].weights[pairs.shard]
        # Totals stay below 2^53, where floats hold every whole number.
        return np.bincount(pairs.node, weights=weights, minlength=self.standing.nodes).astype(np.int64)


def _gauge(standing: Standing, rule: Rule, measure: int, meters: list[Meter], totals: _Totals) -> Gauge:
    by_node = meters[0].site.key == NODE
    site = np.full(standing.nodes, NOBODY, dtype=np.int32)
    for at, meter in enumerate(meters):
        site[meter.site.nodes] = at
    inside = np.flatnonzero(site != NOBODY)
    limit = np.array([meter.limit for meter in meters], dtype=np.int64)

    def total(today: bool) -> LongArray:
        found = np.zeros(len(meters), dtype=np.int64)
        np.add.at(found, site[inside], totals.of(measure, today)[inside])
        return found

    return Gauge(
        rule,
        measure,
        by_node,
        site,
        total(False),
        limit,
        np.array([meter.factor for meter in meters], dtype=np.int64),
        np.maximum(0, total(True) - limit),
        meters[0].scale,
        tuple(meters),
    )


def metered(batch: Batch, rule: Rule, known: dict[int, list[Gauge]]) -> list[Effect]:
    """The effect of each gauge of a rule."""
    return [replace(_effect(batch, gauge), measure=gauge.measure) for gauge in known.get(rule.id, [])]


def _effect(batch: Batch, gauge: Gauge) -> Effect:
    weights = batch.standing.problem.measures[gauge.measure].weights[batch.rows]
    cost = _change(batch, gauge, weights, gauge.limit, gauge.factor)
    if gauge.rule.enforcement != "no_worse":
        return effect(gauge.rule, cost)
    ones = np.ones_like(gauge.factor)
    if not gauge.tolerated.any() and (gauge.factor == 1).all():
        return effect(gauge.rule, cost)
    return effect(gauge.rule, cost, _change(batch, gauge, weights, gauge.limit + gauge.tolerated, ones))


def _change(batch: Batch, gauge: Gauge, weights: LongArray, limit: LongArray, factor: LongArray) -> Change:
    over = gauge.total - limit
    inside = batch.held != NOBODY
    at = np.where(inside, gauge.site[np.maximum(batch.held, 0)] if len(gauge.site) else NOBODY, NOBODY)
    gone = np.zeros(at.shape, dtype=np.int64)
    rows, slots = np.nonzero(at != NOBODY)
    sites, lighter = at[rows, slots], -weights[rows]
    gone[rows, slots] = factor[sites] * (np.maximum(0, over[sites] + lighter) - np.maximum(0, over[sites]))
    leave = leaving(batch, gone)
    come = _grown(over, weights)
    if (factor != 1).any():
        come *= factor
    if gauge.by_node and np.array_equal(gauge.site, np.arange(come.shape[1])):
        return Change(come, leave)
    come = np.concatenate([come, np.zeros((len(come), 1), np.int64)], axis=1)  # the last entry is no site
    if gauge.by_node:
        return Change(come[:, gauge.site], leave)
    both = come[:, None, :] + leave[:, :, None]
    for option in range(at.shape[1]):  # on one site, what comes and what goes weigh the same
        rows = np.flatnonzero(at[:, option] != NOBODY)
        both[rows, option, at[rows, option]] = 0
    return Change(both=both, codes=gauge.site)


def _grown(over: LongArray, weights: LongArray) -> LongArray:
    """By how much the excess grows when the total grows by a weight: shape (rows, sites)."""
    least = int(weights.min(initial=0))
    grown: LongArray = (np.minimum(over, 0) if least >= 0 else over) + weights[:, None]
    np.maximum(grown, 0, out=grown)
    if least < 0:
        grown -= np.maximum(0, over)
    return grown


def in_use(batch: Batch, rule: Rule, held: LongArray, price: LongArray) -> Effect:
    """Nodes that cost as soon as they hold a governed replica; `held` is how many each of them holds."""
    governed = batch.standing.governed(rule.id, batch.rows)[:, None].astype(np.int64)
    opened, closed = price * (held == 0), price * (held == 1)
    last = batch.at_held(np.broadcast_to(closed, batch.shape))
    return effect(rule, Change(governed * opened, leaving(batch, -governed * last)))
