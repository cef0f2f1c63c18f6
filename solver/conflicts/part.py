"""A problem with some of its shards and nodes only: the same rules, classes, limits and scales.

What no placement of the part keeps, no placement of the whole keeps either: leaving out shards only makes
room. It holds for nodes too, where the ones left out are twins of enough that stay (see `twins`).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from shardwright.cluster.cluster import Cluster, IntArray, TextColumn
from shardwright.cluster.subset import only_shards
from shardwright.grammar.rules import NODE
from shardwright.solver.certify import What
from shardwright.solver.facts import NOWHERE
from shardwright.solver.meters import Measure, Meter
from shardwright.solver.problem import Problem
from shardwright.solver.quantities import Quantities
from shardwright.solver.sites import Site

Pairs = NDArray[np.int32]  # (replicas, 2): shard row and node row
Tolerated = dict[tuple[int, What], int]


@dataclass(frozen=True)
class Part:
    """`shards` and `nodes` are the rows in the whole problem, ascending."""

    problem: Problem
    shards: IntArray
    nodes: IntArray


def part_of(problem: Problem, shards: IntArray, nodes: IntArray) -> Part:
    """Some rows of the shards and of the nodes; the limits are those of the whole."""
    cluster = _only_nodes(only_shards(problem.cluster, shards), nodes)
    classes = problem.requirements.classes
    narrowed = replace(
        classes,
        shards=replace(classes.shards, of=classes.shards.of[shards]),
        nodes=replace(classes.nodes, of=classes.nodes.of[nodes]),
    )
    return Part(
        replace(
            problem,
            cluster=cluster,
            requirements=replace(problem.requirements, classes=narrowed),
            quantities=_quantities(problem.quantities, shards, nodes),
            measures=tuple(_measure(measure, shards) for measure in problem.measures),
            meters=tuple(_meters(problem, nodes)),
            floor=problem.floor[shards],
            ceiling=problem.ceiling[shards],
            settled_count=np.bincount(cluster.settled.shard, minlength=len(shards)).astype(np.int32),
            pinned=_pinned(problem, shards, nodes),
        ),
        shards,
        nodes,
    )


def part_among(problem: Problem, shards: IntArray, nodes: IntArray, others: Pairs) -> Part:
    """Some rows of the shards and of the nodes, under limits less what the other shards bring.

    `others` are the replicas (shard row, node row) of all shards outside.
    """
    part = part_of(problem, shards, nodes)
    size = len(problem.cluster.nodes.ids)
    load = np.zeros((len(problem.measures), size), dtype=np.int64)
    for at, measure in enumerate(problem.measures):
        np.add.at(load[at], others[:, 1], measure.weights[others[:, 0]])
    meters = tuple(
        replace(meter, limit=meter.limit - int(load[before.measure, before.site.nodes].sum()))
        for before, meter in both_meters(problem, part)
    )
    return replace(part, problem=replace(part.problem, meters=meters))


def both_meters(problem: Problem, part: Part) -> Iterator[tuple[Meter, Meter]]:
    """The meters of a part, each with what it was in the whole."""
    inside = np.zeros(len(problem.cluster.nodes.ids), dtype=bool)
    inside[part.nodes] = True
    whole = [meter for meter in problem.meters if inside[meter.site.nodes].any()]
    yield from zip(whole, part.problem.meters, strict=True)


def _pinned(problem: Problem, shards: IntArray, nodes: IntArray) -> tuple[tuple[int, int], ...]:
    shard_at = _numbers(len(problem.cluster.shards.ids), shards)
    node_at = _numbers(len(problem.cluster.nodes.ids), nodes)
    found = ((int(shard_at[shard]), int(node_at[node])) for shard, node in problem.pinned)
    return tuple(pair for pair in found if min(pair) >= 0)


def _quantities(quantities: Quantities, shards: IntArray, nodes: IntArray) -> Quantities:
    return replace(
        quantities,
        load=quantities.load[shards],
        move_cost=quantities.move_cost[shards],
        capacity=quantities.capacity[nodes],
        safe=quantities.safe[nodes],
        price=quantities.price[nodes],
    )


def _measure(measure: Measure, shards: IntArray) -> Measure:
    return replace(measure, weights=measure.weights[shards])


def _only_nodes(cluster: Cluster, rows: IntArray) -> Cluster:
    nodes = cluster.nodes
    number = _numbers(len(nodes.ids), rows)
    settled = cluster.settled
    kept = number[settled.node] >= 0
    return replace(
        cluster,
        nodes=replace(
            nodes,
            ids=tuple(nodes.ids[row] for row in rows.tolist()),
            labels={key: _take(column, rows) for key, column in nodes.labels.items()},
            metrics={name: metric[rows] for name, metric in nodes.metrics.items()},
            state=_take(nodes.state, rows),
            capacity=nodes.capacity[rows],
            safe=nodes.safe[rows],
            cost_per_hour=nodes.cost_per_hour[rows],
        ),
        settled=replace(
            settled, shard=settled.shard[kept], node=number[settled.node[kept]], role=settled.role[kept]
        ),
    )


def _take(column: TextColumn, rows: IntArray) -> TextColumn:
    return replace(column, codes=column.codes[rows])


def _numbers(size: int, rows: IntArray) -> IntArray:
    """The new number of each old row, -1 for those that are left out."""
    number = np.full(size, -1, dtype=np.int32)
    number[rows] = np.arange(len(rows), dtype=np.int32)
    return number


def _meters(problem: Problem, nodes: IntArray) -> Iterator[Meter]:
    """Limits on sites that keep a node, numbered anew."""
    before = len(problem.cluster.nodes.ids)
    number = _numbers(before, nodes)
    for meter in problem.meters:
        site = meter.site
        if site.key == NODE:
            if number[site.number] >= 0:
                at = int(number[site.number])
                yield replace(meter, site=Site(at, NODE, site.name, np.array([at], dtype=np.int32)))
            continue
        members = number[site.nodes]
        if (members >= 0).any():
            shifted = site.number - before + len(nodes)
            yield replace(meter, site=Site(shifted, site.key, site.name, members[members >= 0]))


def narrowed(tolerated: Tolerated, problem: Problem, part: Part) -> Tolerated:
    """What is tolerated of the shards of a part, in its numbers; sites are not among it (see `raised`)."""
    found: Tolerated = {}
    nodes_before = len(problem.cluster.nodes.ids)
    shard_at, node_at = (
        _numbers(len(problem.cluster.shards.ids), part.shards),
        _numbers(nodes_before, part.nodes),
    )

    def value(number: int) -> int:
        if number == NOWHERE:
            return number
        if number < nodes_before:
            return int(node_at[number])
        return number - nodes_before + len(part.nodes)

    for (rule, (name, arguments)), amount in tolerated.items():
        if name == "site":
            continue
        moved = (int(shard_at[arguments[0]]), *(value(number) for number in arguments[1:]))
        if min(moved) >= 0:
            found[rule, (name, moved)] = amount
    return found


def raised(problem: Problem, tolerated: Tolerated) -> Problem:
    """The problem with limits that leave room for what is tolerated."""

    def with_room(meter: Meter) -> Meter:
        what = ("site", (meter.site.number, meter.measure))
        more = tolerated.get((meter.rule, what), 0)
        return replace(meter, limit=meter.limit + more) if more else meter

    return replace(problem, meters=tuple(with_room(meter) for meter in problem.meters))
