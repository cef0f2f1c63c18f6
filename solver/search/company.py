"""The arrays of apart and together: buckets, sorts, cells, and what is broken today."""

from __future__ import annotations

from typing import Any

import numpy as np

from shardwright.grammar.rules import Rule, Together
from shardwright.solver.search.build import Builder, targets_of
from shardwright.solver.search.tables import Company, Flags, Longs

LARGEST_CIRCLE = 256  # shards that are moved together


def company_tables(b: Builder, settled: int) -> Company:
    """The arrays of all rules about company; `settled` is the most settled replicas of any shard."""
    rules, shards = b.company, len(b.problem.floor)
    members = [_Members(b, rule) for rule in rules]
    table = np.array([member.bucket for member in members], dtype=np.int64).reshape(len(rules), shards)
    sort = np.array([member.sort for member in members], dtype=np.int64).reshape(len(rules), shards)
    values = [int(b.label[b.key(rule.kind.by)].max(initial=-1)) + 1 for rule in rules]  # type: ignore[attr-defined]
    cells = [m.buckets * count * m.sorts for m, count in zip(members, values, strict=True)]
    sizes = [m.buckets * m.sorts for m in members]
    return Company(
        np.array([isinstance(rule.kind, Together) for rule in rules], dtype=bool),
        np.array([targets_of(rule).differing_in is not None for rule in rules], dtype=bool),
        np.array([b.key(rule.kind.by) for rule in rules], dtype=np.int64),  # type: ignore[attr-defined]
        table,
        sort,
        np.array([m.governed for m in members], dtype=bool).reshape(len(rules), shards),
        np.array([m.aimed for m in members], dtype=bool).reshape(len(rules), shards),
        np.concatenate(([0], np.cumsum(cells))).astype(np.int64),
        np.array(values, dtype=np.int64),
        np.array([m.sorts for m in members], dtype=np.int64),
        np.concatenate(([0], np.cumsum(sizes))).astype(np.int64),
        np.concatenate([m.size() for m in members] or [np.zeros(0)]).astype(np.int64),
        np.array([b.level(rule) for rule in rules], dtype=np.int64),
        np.array([b.price(rule) for rule in rules], dtype=np.int64),
        np.array([b.fault(rule) for rule in rules], dtype=np.int64),
        np.array([rule.enforcement == "no_worse" for rule in rules], dtype=bool),
        np.zeros((len(rules), shards, settled), dtype=bool),
        *_circles(rules, table),
    )


def _circles(rules: list[Rule], bucket: Longs) -> tuple[Longs, Longs, Longs]:
    """The shards of each bucket that must keep together: rules, where each begins, and all shards."""
    rule_of, sizes, members = [], [0], []
    for at, rule in enumerate(rules):
        minded = np.flatnonzero(bucket[at] >= 0) if isinstance(rule.kind, Together) else np.zeros(0, np.int64)
        order = minded[np.argsort(bucket[at][minded], kind="stable")]
        counts = np.unique(bucket[at][order], return_counts=True)[1]
        kept = np.repeat((counts > 1) & (counts <= LARGEST_CIRCLE), counts)
        members.append(order[kept])
        found = counts[(counts > 1) & (counts <= LARGEST_CIRCLE)].tolist()
        rule_of += [at] * len(found)
        sizes += found
    circle = np.concatenate([*members, np.zeros(0, np.int64)]).astype(np.int64)
    return np.array(rule_of, dtype=np.int64), np.cumsum(sizes).astype(np.int64), circle


class _Members:
    """Which shards a rule minds, in which bucket, of which sort."""

    def __init__(self, b: Builder, rule: Rule) -> None:
        of, targets = b.problem.requirements.classes.shards.of, targets_of(rule)
        self.governed: Flags = b.problem.requirements.speaks[rule.id][of]
        aimed = b.problem.requirements.targets.get(rule.id)
        self.aimed: Flags = aimed[of] if aimed is not None else np.zeros(len(of), dtype=bool)
        self.by_trait = targets.differing_in is not None
        self.sort: Longs = self.aimed.astype(np.int64)
        self.sorts = 2
        minded = self.governed | self.aimed
        if targets.differing_in is not None:
            self.sort, self.sorts = _trait(b, targets.differing_in)
            minded = minded & (self.sort >= 0)
        group = b.problem.cluster.shards.group
        if targets.same_group:
            self.bucket = np.where(minded & (group.codes >= 0), group.codes, -1).astype(np.int64)
            self.buckets = len(group.values)
        else:
            self.bucket = np.where(minded, 0, -1).astype(np.int64)
            self.buckets = 1

    def size(self) -> Any:
        """How many targets of each sort a bucket has."""
        counted = self.aimed & (self.bucket >= 0)
        at = self.bucket[counted].astype(np.int64) * self.sorts + self.sort[counted]
        return np.bincount(at, minlength=self.buckets * self.sorts)


def _trait(b: Builder, key: str) -> tuple[Longs, int]:
    """The value of a shard's label, -1 for none, and how many there are."""
    label = b.problem.cluster.shards.labels.get(key)
    if label is None:
        return np.full(len(b.problem.floor), -1, dtype=np.int64), 1
    return label.codes.astype(np.int64), max(1, len(label.values))


def cells_of(b: Builder) -> Longs:
    """How many cells each rule about company needs; what `tables` would allocate."""
    found = []
    for rule in b.company:
        members = _Members(b, rule)
        values = int(b.label[b.key(rule.kind.by)].max(initial=-1)) + 1  # type: ignore[attr-defined]
        found.append(members.buckets * values * members.sorts)
    return np.array(found, dtype=np.int64)
