"""Rules about company, apart and together: what a shard's coming to a value does to it and to those there."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from shardwright.cluster.cluster import IntArray
from shardwright.cluster.columns import BoolArray
from shardwright.grammar.rules import NODE, Apart, Rule
from shardwright.solver.quantities import LongArray
from shardwright.solver.why.circle import Circle, Members
from shardwright.solver.why.effects import Change, Effect, effect, leaving
from shardwright.solver.why.standing import Batch, counted

Tolerated = frozenset[tuple[int, int]]


def company(batch: Batch, rule: Rule, circle: Circle) -> Effect:
    """What changes where a shard comes to a value, and where its last replica leaves one."""
    tolerated = tolerated_by(circle) if rule.enforcement == "no_worse" else frozenset()
    cost = _change(batch, circle, frozenset())
    return effect(rule, cost, _change(batch, circle, tolerated) if tolerated else None)


def tolerated_by(circle: Circle) -> Tolerated:
    """What is broken in the snapshot's own placement, as (shard, value)."""
    members = circle.members(circle.standing.settled)
    shards = np.unique(members.shard).astype(np.int32)
    found: set[tuple[int, int]] = set()
    for bucket, trait, at in circle.alike(shards):
        group = _Group(circle, members, bucket, trait, shards[at], frozenset())
        rows, values = np.nonzero(group.own & group.stands)
        found |= set(zip(shards[at][rows].tolist(), values.tolist(), strict=True))
    return frozenset(found)


def _change(batch: Batch, circle: Circle, tolerated: Tolerated) -> Change:
    codes, values = circle.by
    coming = np.zeros((len(batch.rows), values), dtype=np.int64)
    for bucket, trait, at in circle.alike(batch.rows):
        group = _Group(circle, circle.here, bucket, trait, batch.rows[at], tolerated)
        coming[at] = group.own + group.others
    if circle.kind.by == NODE:
        return Change(coming, leaving(batch, -batch.at_held(coming)))
    return Change(both=_both(batch, codes, coming), codes=codes)


def _both(batch: Batch, codes: IntArray, coming: LongArray) -> LongArray:
    """A shard comes to a value where it does not stand, and leaves one with its last replica there."""
    rows, values = coming.shape
    counts = counted(batch.held, codes, values)
    both = np.zeros((rows, batch.options, values + 1), dtype=np.int64)
    for option in range(batch.options):
        left = counts - counted(batch.held[:, option : option + 1], codes, values)
        lost = np.where((counts > 0) & (left == 0), coming, 0).sum(axis=1, keepdims=True)
        both[:, option, :values] = np.where(left == 0, coming, 0) - lost
        both[:, option, values:] = -lost
    return both


@dataclass(frozen=True)
class _Group:
    """Shards (sorted) of one bucket and trait, each looked at beside all others but itself.

    `own` says whether the shard would be broken at a value, `others` how many more (or fewer) of those there
    would be; both have shape (shards, values). What is tolerated does not count.
    """

    circle: Circle
    members: Members
    bucket: int
    trait: int
    shards: IntArray
    tolerated: Tolerated

    @property
    def own(self) -> BoolArray:
        apart = isinstance(self.circle.kind, Apart)
        if self.circle.trait is None:
            targets = self._targets - self.stands * self._is_target
            broken = targets >= 1 if apart else targets + self._is_target < self._size
        else:
            broken = (self._of_others >= 1 if apart else self._incomplete >= 1)[None, :]
        own: BoolArray = self._is_governed & broken & ~self._is_tolerated
        return own

    @property
    def others(self) -> LongArray:
        apart = isinstance(self.circle.kind, Apart)
        if self.circle.trait is None:
            return self._others_apart() if apart else self._others_together()
        same = self._targets - self.stands * self._is_target
        if apart:
            return np.where(self._is_target & (same == 0), self._sum(self._all_of_others), 0)
        completes = (same < self._size) & (same + self._is_target >= self._size)
        return np.where(completes, -self._sum(self._only_incomplete), 0)

    def _others_apart(self) -> LongArray:
        """The first target breaks everybody who is governed there, the second the first."""
        targets = self._targets - self.stands * self._is_target
        counts = self.stands & ~self._is_tolerated
        governed = self._count(self._governs) - counts * self._is_governed
        both = self._count(self._governs & self._aims) - counts * (self._is_governed & self._is_target)
        return np.where(self._is_target, (targets == 0) * governed + (targets == 1) * both, 0)

    def _others_together(self) -> LongArray:
        """The last target that was missing mends everybody who is governed there."""
        targets = self._targets - self.stands * self._is_target
        governed = self._count(self._governs) - (self.stands & ~self._is_tolerated) * self._is_governed
        completes = (targets < self._size) & (targets + self._is_target >= self._size)
        return np.where(completes, -governed, 0)

    # -- the shards themselves

    @cached_property
    def stands(self) -> BoolArray:
        """Where each of the shards stands."""
        return self._marked(self._shard, self._value)

    @cached_property
    def _is_tolerated(self) -> BoolArray:
        pairs = np.array(sorted(self.tolerated), dtype=np.int64).reshape(-1, 2)
        return self._marked(pairs[:, 0], pairs[:, 1])

    def _marked(self, shard: np.ndarray, value: np.ndarray) -> BoolArray:
        marked = np.zeros((len(self.shards), self.circle.by[1]), dtype=bool)
        at = np.minimum(np.searchsorted(self.shards, shard), len(self.shards) - 1)
        inside = self.shards[at] == shard
        marked[at[inside], value[inside]] = True
        return marked

    @property
    def _is_governed(self) -> BoolArray:
        return self.circle.governed[self.shards][:, None]

    @property
    def _is_target(self) -> BoolArray:
        return self.circle.target[self.shards][:, None]

    # -- those who stand at the values

    @property
    def _shard(self) -> IntArray:
        return self.members.shard[self.members.of(self.bucket)]

    @property
    def _value(self) -> IntArray:
        return self.members.value[self.members.of(self.bucket)]

    @cached_property
    def _aims(self) -> BoolArray:
        return self.circle.target[self._shard]

    @cached_property
    def _governs(self) -> BoolArray:
        """The governed among them, but for what is tolerated."""
        governed: BoolArray = self.circle.governed[self._shard]
        if not self.tolerated:
            return governed
        pairs = zip(self._shard.tolist(), self._value.tolist(), strict=True)
        worse: BoolArray = np.array([pair not in self.tolerated for pair in pairs], dtype=bool)
        return governed & worse

    @cached_property
    def _same(self) -> BoolArray:
        """Whose trait is that of the shards."""
        if self.circle.trait is None:
            return np.ones(len(self._shard), dtype=bool)
        return np.equal(self.circle.trait[self._shard], self.trait)

    def _count(self, which: BoolArray) -> LongArray:
        return np.bincount(self._value[which], minlength=self.circle.by[1])

    @cached_property
    def _targets(self) -> LongArray:
        return self._count(self._aims & self._same)

    @cached_property
    def _of_others(self) -> LongArray:
        """Targets with another trait."""
        return self._count(self._aims & ~self._same)

    @cached_property
    def _sizes(self) -> dict[int, int]:
        return self.circle.sizes(self.bucket)

    @property
    def _size(self) -> int:
        return self._sizes.get(self.trait, 0)

    # -- those with other traits, by value and trait

    @cached_property
    def _others_by_trait(self) -> tuple[LongArray, LongArray, LongArray, LongArray]:
        """Value, trait, governed and targets for each pair of value and other trait."""
        assert self.circle.trait is not None
        most = int(self.circle.trait.max(initial=0)) + 1
        rest = ~self._same
        keys = self._value[rest].astype(np.int64) * most + self.circle.trait[self._shard[rest]]
        pairs, at = np.unique(keys, return_inverse=True)
        governed, targets = (
            np.bincount(at[which[rest]], minlength=len(pairs)) for which in (self._governs, self._aims)
        )
        return pairs // most, pairs % most, governed, targets

    def _sum(self, counts: BoolArray) -> LongArray:
        """The governed of other traits for whom something is so, by value."""
        value, _, governed, _ = self._others_by_trait
        found = np.zeros(self.circle.by[1], dtype=np.int64)
        np.add.at(found, value[counts], governed[counts])
        return found

    @property
    def _all_of_others(self) -> BoolArray:
        """All targets of other traits there have this trait, so none of them is one to keep apart from."""
        value, _, _, targets = self._others_by_trait
        found: BoolArray = targets == self._of_others[value]
        return found

    @cached_property
    def _incomplete(self) -> LongArray:
        """How many other traits have targets that are missing at each value."""
        value, trait, _, targets = self._others_by_trait
        sizes = np.array([self._sizes.get(one, 0) for one in trait.tolist()], dtype=np.int64)
        complete = (sizes > 0) & (targets >= sizes)
        others = len(set(self._sizes) - {self.trait})
        return others - np.bincount(value[complete], minlength=self.circle.by[1])

    @property
    def _only_incomplete(self) -> BoolArray:
        """No trait but their own (which does not concern them) and that of the shards is incomplete."""
        value, trait, _, targets = self._others_by_trait
        sizes = np.array([self._sizes.get(one, 0) for one in trait.tolist()], dtype=np.int64)
        found: BoolArray = self._incomplete[value] - (targets < sizes) == 0
        return found
