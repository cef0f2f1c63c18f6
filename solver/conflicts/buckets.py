"""The shards that a together rule wants at one place, and the places that there are."""

from __future__ import annotations

import numpy as np

from shardwright.cluster.cluster import IntArray
from shardwright.cluster.columns import BoolArray
from shardwright.grammar.rules import NODE, Rule, Together
from shardwright.solver.problem import Problem


def buckets_of(problem: Problem, rule: Rule) -> list[IntArray]:
    """Sets of shards (rows) of which the governed ones may only stand where all targets stand.

    A governed shard outside the targets shares the place of the targets, so it belongs to the set: the first
    of such shards stands for them all.
    """
    assert isinstance(rule.kind, Together)
    requirements = problem.requirements
    of = requirements.classes.shards.of
    governed = requirements.speaks[rule.id][of]
    targets = requirements.targets.get(rule.id)
    aimed = targets[of] if targets is not None else np.zeros(len(of), dtype=bool)
    if not rule.kind.targets.same_group:
        parts = [np.arange(len(of), dtype=np.int32)]
    else:
        codes = problem.cluster.shards.group.codes
        order = np.argsort(codes, kind="stable").astype(np.int32)
        order = order[codes[order] >= 0]
        parts = np.split(order, np.flatnonzero(np.diff(codes[order])) + 1)
    return [bucket for part in parts if len(bucket := _bucket(part, governed, aimed))]


def _bucket(part: IntArray, governed: BoolArray, aimed: BoolArray) -> IntArray:
    """All targets of the part, and one governed shard if none of them is; empty if nothing is governed."""
    if not governed[part].any():
        return part[:0]
    targets = part[aimed[part]]
    if (governed & aimed)[part].any():
        return targets
    if not len(targets):
        return part[:0]
    both: IntArray = np.sort(np.append(targets, part[governed[part]][:1]))
    return both


def site_codes(problem: Problem, key: str) -> IntArray:
    """The number of each node's label value; -1 without one. A node is its own value of `node`."""
    size = len(problem.cluster.nodes.ids)
    if key == NODE:
        return np.arange(size, dtype=np.int32)
    label = problem.cluster.nodes.labels.get(key)
    return label.codes if label is not None else np.full(size, -1, dtype=np.int32)


def sites(codes: IntArray) -> list[IntArray]:
    """The nodes of each label value."""
    order = np.argsort(codes, kind="stable").astype(np.int32)
    order = order[codes[order] >= 0]
    return np.split(order, np.flatnonzero(np.diff(codes[order])) + 1) if len(order) else []
