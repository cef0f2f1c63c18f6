"""The certificate of a placement that is close to one already judged: only what differs is judged.

Every amount belongs to a shard, to a site or to a node. A shard's amounts depend on where its own replicas
and those of its company are, and on these nodes; so shards without any change keep theirs. Sites and nodes
are all judged anew, with the load of the other shards as a number. What this file cannot tell apart from a
change of everything is judged whole. That both ways agree is tested (tests/solver/test_recertify.py).
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from shardwright.cluster.cluster import IntArray, TextColumn
from shardwright.grammar.rules import Apart, Cost, Pack, Rule, Spread, Together
from shardwright.solver.certify import (
    Broken,
    Judgement,
    Pair,
    What,
    amounts_of,
    certify,
    level_costs,
    tolerance,
    with_tolerance,
)
from shardwright.solver.conflicts.part import Pairs as Pairs
from shardwright.solver.conflicts.part import Part, part_among
from shardwright.solver.problem import Problem

Codes = NDArray[np.int64]
OF_SHARDS = ("shard", "value", "replica")
OF_NODES = ("ids", "labels", "metrics", "capacity", "safe", "cost_per_hour")


@dataclass(frozen=True)
class Known:
    """A problem, a placement of it, and what the logic said of it."""

    problem: Problem
    placement: Pairs
    judgement: Judgement


def recertify(
    problem: Problem,
    placement: Pairs,
    known: Known,
    *,
    deadline: float | None = None,
    memory_limit_mb: int | None = None,
) -> Judgement:
    """The same as `certify(problem, placement)`, from what is known of another placement of the same shards.

    Raises WorkerFailed when a limit comes first.
    """
    started = time.monotonic()
    limits = (deadline, memory_limit_mb)
    nodes = _changed_nodes(known.problem, problem)
    if nodes is None:
        pairs = list(map(tuple, placement.tolist()))
        return certify(problem, pairs, deadline=deadline, memory_limit_mb=memory_limit_mb)
    touched = _touched(problem, placement, known, nodes)
    shards = np.union1d(touched, witnesses(problem, placement, touched)).astype(np.int32)
    part, held = _part(problem, placement, shards)
    found, ground = amounts_of(part.problem, part.problem.rules, held, *limits)
    judged = [
        broken
        for broken in (_whole(part, broken) for broken in found)
        if broken.what[0] not in OF_SHARDS or _is_in(touched, broken.what[1][0])
    ]
    judged = _tolerated(problem, known, part, judged, limits)
    kept = [
        broken
        for broken in known.judgement.amounts
        if broken.what[0] in OF_SHARDS and not _is_in(touched, broken.what[1][0])
    ]
    amounts = sorted([*kept, *judged], key=lambda broken: (broken.rule, broken.what))
    return Judgement(tuple(amounts), level_costs(problem, amounts), ground, time.monotonic() - started)


def _changed_nodes(before: Problem, after: Problem) -> IntArray | None:
    """Nodes that are in another state than before; None where more has changed than that."""
    old, new = before.cluster, after.cluster
    alike = (
        before.rules == after.rules
        and old.shards is new.shards
        and replace(old, nodes=new.nodes, settled=new.settled, hash=new.hash) == new
        and all(getattr(old.nodes, part) is getattr(new.nodes, part) for part in OF_NODES)
        and len(before.measures) == len(after.measures)
        and all(
            np.array_equal(one.weights, two.weights)
            for one, two in zip(before.measures, after.measures, strict=True)
        )
    )
    if not alike or before.pinned or after.pinned:
        return None
    rows = np.flatnonzero(_texts(old.nodes.state) != _texts(new.nodes.state)).astype(np.int32)
    # Which values count for skew depends on all nodes together.
    skewed = any(isinstance(rule.kind, Spread) and rule.kind.limit == "max_skew" for rule in after.rules)
    return None if skewed and len(rows) else rows


def _texts(column: TextColumn) -> Any:
    return np.array([*column.values, ""])[column.codes]


def pairs_array(placement: Sequence[Pair]) -> Pairs:
    """A placement as an array, sorted."""
    return np.array(sorted(placement), dtype=np.int32).reshape(-1, 2)


def settled_array(problem: Problem) -> Pairs:
    """The snapshot's own placement."""
    settled = problem.cluster.settled
    return np.stack([settled.shard, settled.node], axis=1)


def _codes(pairs: Pairs, nodes: int) -> Codes:
    """Each pair as one number."""
    return np.asarray(pairs[:, 0].astype(np.int64) * nodes + pairs[:, 1])


def _touched(problem: Problem, placement: Pairs, known: Known, nodes: IntArray) -> IntArray:
    """Shards that have moved, were settled elsewhere, or have to do with a changed node; and all company."""
    size = len(problem.cluster.nodes.ids)
    pairs = [
        (_codes(known.placement, size), _codes(placement, size)),
        (_codes(settled_array(known.problem), size), _codes(settled_array(problem), size)),
    ]
    found = [np.setxor1d(before, after) for before, after in pairs]
    found += [each[np.isin(each % size, nodes)] for both in pairs for each in both]
    shards, before = np.unique(np.concatenate(found) // size), -1
    while len(shards) > before:
        before = len(shards)
        shards = np.unique(
            np.concatenate([shards, *(mates(problem, rule, shards) for rule in problem.rules)])
        )
    return shards.astype(np.int32)


def mates(problem: Problem, rule: Rule, shards: Any) -> IntArray:
    """The shards that a rule about company looks at together with these."""
    if not isinstance(rule.kind, (Apart, Together)):
        return np.empty(0, dtype=np.int32)
    requirements, of = problem.requirements, problem.requirements.classes.shards.of
    minded = requirements.speaks[rule.id][of]
    if rule.id in requirements.targets:
        minded = minded | requirements.targets[rule.id][of]
    if not minded[shards].any():
        return np.empty(0, dtype=np.int32)
    if rule.kind.targets.same_group:
        group = problem.cluster.shards.group.codes
        minded = minded & np.isin(group, group[shards[minded[shards]]]) & (group >= 0)
    return np.flatnonzero(minded).astype(np.int32)


def witnesses(problem: Problem, placement: Pairs, touched: IntArray) -> IntArray:
    """For rules about nodes in use: of each node, one governed shard besides those that are touched."""
    of, found = problem.requirements.classes.shards.of, [np.empty(0, dtype=np.int64)]
    pairs = placement[~np.isin(placement[:, 0], touched)]
    for rule in problem.rules:
        if isinstance(rule.kind, Pack) or (isinstance(rule.kind, Cost) and not rule.kind.per_replica):
            governed = pairs[problem.requirements.speaks[rule.id][of[pairs[:, 0]]]]
            found.append(governed[np.unique(governed[:, 1], return_index=True)[1], 0])
    return np.concatenate(found).astype(np.int32)


def _part(problem: Problem, placement: Pairs, shards: IntArray) -> tuple[Part, list[Pair]]:
    """The shards alone, under limits less what the others bring; and their placement."""
    inside = np.isin(placement[:, 0], shards)
    everywhere = np.arange(len(problem.cluster.nodes.ids), dtype=np.int32)
    part = part_among(problem, shards, everywhere, placement[~inside])
    held = [(int(np.searchsorted(shards, shard)), int(node)) for shard, node in placement[inside].tolist()]
    return part, held


def _whole(part: Part, broken: Broken) -> Broken:
    """An amount of the part, in the numbers of the whole."""
    name, arguments = broken.what
    if name not in OF_SHARDS:
        return broken
    return replace(broken, what=(name, (int(part.shards[arguments[0]]), *arguments[1:])))


def _is_in(rows: IntArray, row: int) -> bool:
    at = int(np.searchsorted(rows, row))
    return at < len(rows) and rows[at] == row


def _tolerated(
    problem: Problem, known: Known, part: Part, amounts: list[Broken], limits: tuple[float | None, int | None]
) -> list[Broken]:
    """The amounts with what today's placement has of them, where no_worse rules ask for it."""
    doubted = [broken for broken in amounts if problem.rules[broken.rule].enforcement == "no_worse"]
    of_shards = [_inside(part, broken) for broken in doubted if broken.what[0] in OF_SHARDS]
    others = [broken for broken in doubted if broken.what[0] not in OF_SHARDS]
    found: dict[tuple[int, What], int] = {}
    if of_shards:
        alone = tolerance(part.problem, *limits, only=of_shards)
        found = {
            (rule, _whole(part, Broken(rule, what, 1)).what): amount for (rule, what), amount in alone.items()
        }
    if others and _same_limits(known.problem, problem) and _is_settled(known):
        seen = {(broken.rule, broken.what): broken.amount for broken in known.judgement.amounts}
        found |= {key: seen.get(key, 0) for key in ((broken.rule, broken.what) for broken in others)}
    elif others:
        found |= tolerance(problem, *limits, only=others)
    return with_tolerance(amounts, found)


def _inside(part: Part, broken: Broken) -> Broken:
    """An amount of the whole, in the numbers of the part."""
    name, arguments = broken.what
    return replace(broken, what=(name, (int(np.searchsorted(part.shards, arguments[0])), *arguments[1:])))


def _same_limits(before: Problem, after: Problem) -> bool:
    """Whether the limits that may stay as broken as they are have not changed."""
    return _borne(before) == _borne(after)


def _borne(problem: Problem) -> dict[tuple[int, int, int], int]:
    return {
        (meter.rule, meter.site.number, meter.measure): meter.limit
        for meter in problem.meters
        if problem.rules[meter.rule].enforcement == "no_worse"
    }


def _is_settled(known: Known) -> bool:
    """Whether the placement that is known is the snapshot's own."""
    size = len(known.problem.cluster.nodes.ids)
    settled = settled_array(known.problem)
    return np.array_equal(np.sort(_codes(known.placement, size)), np.sort(_codes(settled, size)))
