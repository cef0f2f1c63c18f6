"""The arrays of a problem, from the terms that its rules add (`terms/`)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from shardwright.solver.meters import Meter
from shardwright.solver.problem import Problem
from shardwright.solver.search.build import Builder
from shardwright.solver.search.company import company_tables
from shardwright.solver.search.tables import (
    COUNT,
    FAULT,
    HEAP,
    Alone,
    Flags,
    Longs,
    Meters,
    Shape,
    Tables,
    Use,
)
from shardwright.solver.search.terms import add_term


def tables_of(problem: Problem) -> Tables:
    """The arrays of a problem."""
    builder = Builder(problem)
    for rule in problem.rules:
        add_term(builder, rule)
    return _tables(builder)


def _tables(b: Builder) -> Tables:
    problem = b.problem
    settled = problem.cluster.settled
    home = by_shard(np.stack([settled.shard, settled.node], axis=1), len(problem.floor), 1)
    alone = Alone(
        b.kind.astype(np.int64),
        b.node_kind.astype(np.int64),
        b.rest,
        b.arrive,
        b.left,
        b.gone,
        home,
    )
    start, nodes = _open(b)
    return Tables(
        problem.floor.astype(np.int64),
        np.minimum(problem.ceiling, len(problem.cluster.nodes.ids)).astype(np.int64),
        *_pinned(b),
        alone,
        _shape(b),
        _meters(b),
        company_tables(b, home.shape[1]),
        _use(b),
        start,
        nodes,
    )


def _pinned(b: Builder) -> tuple[Longs, Longs]:
    """The nodes that each shard must have, and how many."""
    pairs = np.array(sorted(set(b.problem.pinned)), dtype=np.int64).reshape(-1, 2)
    pinned = by_shard(pairs, len(b.problem.floor))
    fixed = (pinned >= 0).sum(axis=1).astype(np.int64)
    return pinned, fixed


def _shape(b: Builder) -> Shape:
    rows = [row for rows in b.shape for row in rows]
    start = np.concatenate(([0], np.cumsum([len(rows) for rows in b.shape])))
    lasts = np.concatenate(([0], np.cumsum([len(row.eligible) for row in rows])))
    plain = [
        all(row.op == COUNT or (row.op == HEAP and row.rule.enforcement != "no_worse") for row in rows)
        for rows in b.shape
    ]
    return Shape(
        start.astype(np.int64),
        _longs(row.op for row in rows),
        _longs(row.key for row in rows),
        _longs(row.value for row in rows),
        _longs(row.amount for row in rows),
        _longs(row.most for row in rows),
        _longs(b.level(row.rule) for row in rows),
        _longs(b.price(row.rule) for row in rows),
        _longs(b.fault(row.rule) for row in rows),
        _flags(row.rule.enforcement == "no_worse" for row in rows),
        b.label,
        *_by_label(b),
        lasts.astype(np.int64),
        _longs(value for row in rows for value in row.eligible),
        _flags(plain),
    )


def _by_label(b: Builder) -> tuple[Longs, Longs]:
    """Nodes by their value under each key (keys, N), and where each value begins (keys, values + 1)."""
    order = np.argsort(b.label, axis=1, kind="stable").astype(np.int64)
    values = np.arange(int(b.label.max(initial=-1)) + 2)
    start = [np.searchsorted(row[nodes], values) for row, nodes in zip(b.label, order, strict=True)]
    return order, np.array(start, dtype=np.int64).reshape(len(b.label), -1)


def _meters(b: Builder) -> Meters:
    """Meters sorted by measure and site; sites are numbered densely."""
    measures = b.problem.measures
    numbers = sorted({meter.site.number for meter in b.meters})
    dense = {number: at for at, number in enumerate(numbers)}
    rows = sorted(b.meters, key=lambda m: (m.measure, dense[m.site.number], m.rule))
    cells = np.array([m.measure * len(dense) + dense[m.site.number] for m in rows], dtype=np.int64)
    rules = [b.problem.rules[meter.rule] for meter in rows]
    weight = np.array([measure.weights for measure in measures], dtype=np.int64)
    return Meters(
        np.ascontiguousarray(weight.reshape(len(measures), len(b.problem.floor)).T),
        _sites(b, dense),
        np.searchsorted(cells, np.arange(len(measures) * len(dense) + 1)).astype(np.int64),
        _longs(meter.limit for meter in rows),
        _longs(b.level(rule) for rule in rules),
        _longs(b.price(rule, meter.factor) for rule, meter in zip(rules, rows, strict=True)),
        _tolerated(b, rows),
        _longs(int(rule.enforcement in ("required", "no_worse")) for rule in rules),
    )


def _sites(b: Builder, dense: dict[int, int]) -> Longs:
    of_node: list[list[int]] = [[] for _ in b.problem.cluster.nodes.ids]
    for site in {meter.site.number: meter.site for meter in b.meters}.values():
        for node in site.nodes.tolist():
            of_node[node].append(dense[site.number])
    widest = max([1, *map(len, of_node)])
    rows = [sorted(found) + [-1] * (widest - len(found)) for found in of_node]
    return np.array(rows, dtype=np.int64).reshape(len(rows), widest)


def _tolerated(b: Builder, meters: list[Meter]) -> Longs:
    """For each meter the excess that the snapshot's own placement has, where it may stay."""
    settled = b.problem.cluster.settled
    found = np.zeros(len(meters), dtype=np.int64)
    loads: dict[int, Longs] = {}
    for at, meter in enumerate(meters):
        if b.problem.rules[meter.rule].enforcement != "no_worse":
            continue
        if meter.measure not in loads:
            load = np.zeros(len(b.problem.cluster.nodes.ids), dtype=np.int64)
            np.add.at(load, settled.node, b.problem.measures[meter.measure].weights[settled.shard])
            loads[meter.measure] = load
        found[at] = max(0, int(loads[meter.measure][meter.site.nodes].sum()) - meter.limit)
    return found


def _use(b: Builder) -> Use:
    nodes = len(b.problem.cluster.nodes.ids)
    price = np.array([prices for _, prices in b.use], dtype=np.int64).reshape(len(b.use), nodes)
    governs = np.array([b.speaks(rule) for rule, _ in b.use], dtype=bool)
    return Use(
        _longs(b.level(rule) for rule, _ in b.use),
        price,
        governs.reshape(len(b.use), len(b.kind_class)),
    )


def _open(b: Builder) -> tuple[Longs, Longs]:
    """Nodes on which an arriving replica breaks nothing by itself, or, if there are none, the least."""
    fault = b.rest[:, :, FAULT] + b.arrive[:, :, FAULT]
    first = b.rest[:, :, 1:-1] + b.arrive[:, :, 1:-1]
    given_up = [at for at, (block, _) in enumerate(b.problem.levels) if block == 1]
    burden = fault * 2**20 + np.minimum(first[:, :, given_up].sum(axis=2), 2**20 - 1)
    open_kinds = burden == burden.min(axis=1, initial=2**62, keepdims=True)
    nodes = [np.flatnonzero(row[b.node_kind]) for row in open_kinds]
    start = np.concatenate(([0], np.cumsum([len(some) for some in nodes])))
    flat = np.concatenate(nodes) if nodes else np.zeros(0)
    return start.astype(np.int64), flat.astype(np.int64)


def _longs(numbers: Iterable[int]) -> Longs:
    return np.array(list(numbers), dtype=np.int64)


def _flags(flags: Iterable[bool]) -> Flags:
    return np.array(list(flags), dtype=bool)


def by_shard(pairs: NDArray[np.signedinteger[Any]], shards: int, least: int = 0) -> Longs:
    """Pairs (replicas, 2) as an array (S, R) of nodes, -1 behind those of a shard; R is `least` or more."""
    pairs = pairs[np.argsort(pairs[:, 0], kind="stable")]
    count = np.bincount(pairs[:, 0], minlength=shards)
    found = np.full((shards, max(least, int(count.max(initial=0)))), -1, dtype=np.int64)
    found[pairs[:, 0], np.arange(len(pairs)) - (np.cumsum(count) - count)[pairs[:, 0]]] = pairs[:, 1]
    return found
