"""Whom a rule about company minds, and where they stand."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from shardwright.cluster.cluster import IntArray, TextColumn
from shardwright.cluster.columns import BoolArray
from shardwright.grammar.rules import Apart, Rule, Together
from shardwright.solver.why.standing import NOBODY, Pairs, Standing


@dataclass(frozen=True)
class Members:
    """The minded shards at the values where they stand, one row for each pair, sorted by bucket."""

    shard: IntArray
    value: IntArray
    bucket: IntArray

    def of(self, bucket: int) -> slice:
        start, end = np.searchsorted(self.bucket, [bucket, bucket + 1])
        return slice(int(start), int(end))


@dataclass(frozen=True)
class Circle:
    """A rule about company: for each shard whether it is governed, whether a target, its bucket and trait."""

    standing: Standing
    rule: Rule

    @property
    def kind(self) -> Apart | Together:
        assert isinstance(self.rule.kind, (Apart, Together))
        return self.rule.kind

    @cached_property
    def governed(self) -> BoolArray:
        return (
            self.standing.governed(self.rule.id, np.arange(self.standing.shards, dtype=np.int32))
            & self._counts
        )

    @cached_property
    def target(self) -> BoolArray:
        table = self.standing.problem.requirements.targets.get(self.rule.id)
        if table is None:
            return np.zeros(self.standing.shards, dtype=bool)
        found: BoolArray = table[self.standing.class_of] & self._counts
        return found

    @cached_property
    def minded(self) -> BoolArray:
        return self.governed | self.target

    @property
    def _counts(self) -> BoolArray:
        """Shards without a group, or without the label in which they are to differ, count nowhere."""
        found: BoolArray = self.bucket != NOBODY
        return found if self.trait is None else found & (self.trait != NOBODY)

    @cached_property
    def bucket(self) -> IntArray:
        if self.kind.targets.same_group:
            return self.standing.problem.cluster.shards.group.codes
        return np.zeros(self.standing.shards, dtype=np.int32)

    @cached_property
    def trait(self) -> IntArray | None:
        """The value of the label in which targets have to differ; None if they need not."""
        key = self.kind.targets.differing_in
        if key is None:
            return None
        absent = TextColumn(np.full(self.standing.shards, NOBODY, dtype=np.int32), ())
        return self.standing.problem.cluster.shards.labels.get(key, absent).codes

    @cached_property
    def by(self) -> tuple[IntArray, int]:
        """The value of each node, and how many values there are."""
        return self.standing.codes(self.kind.by)

    @cached_property
    def here(self) -> Members:
        return self.members(self.standing.held)

    def members(self, pairs: Pairs) -> Members:
        codes, values = self.by
        value = codes[pairs.node]
        kept = self.minded[pairs.shard] & (value != NOBODY)
        both = np.unique(pairs.shard[kept].astype(np.int64) * max(1, values) + value[kept])
        shard, value = both // max(1, values), both % max(1, values)
        order = np.argsort(self.bucket[shard], kind="stable")
        return Members(shard[order], value[order], self.bucket[shard[order]])

    def alike(self, rows: IntArray) -> Iterator[tuple[int, int, NDArray[np.int64]]]:
        """Bucket, trait, and which of the rows have them; rows that the rule does not mind are left out."""
        traits = np.zeros(len(rows), dtype=np.int64) if self.trait is None else self.trait[rows]
        keys = np.where(self.minded[rows], self.bucket[rows].astype(np.int64) * 2**32 + traits, -1)
        for key in np.unique(keys[keys >= 0]).tolist():
            yield key >> 32, key & (2**32 - 1), np.flatnonzero(keys == key)

    def sizes(self, bucket: int) -> dict[int, int]:
        """How many targets of a bucket have each trait; all have trait 0 where traits do not matter."""
        rows = np.flatnonzero(self.target & (self.bucket == bucket))
        traits = np.zeros(len(rows), dtype=np.int64) if self.trait is None else self.trait[rows]
        names, counts = np.unique(traits, return_counts=True)
        return dict(zip(names.tolist(), counts.tolist(), strict=True))
