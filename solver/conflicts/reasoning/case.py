"""A set of rules that cannot hold for some shards: what is asked of it to tell why."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property

import numpy as np

from shardwright.cluster.columns import BoolArray
from shardwright.grammar.rules import Capacity, Rule
from shardwright.solver.conflicts.reasons import Reason, Some
from shardwright.solver.conflicts.rooms import Rooms
from shardwright.solver.quantities import LongArray

FEW = 2  # examples by name

Found = tuple[Reason, Sequence[int]] | None  # with the shards (rows) that it speaks of


@dataclass(frozen=True)
class Case:
    rooms: Rooms
    rules: tuple[Rule, ...]
    shards: tuple[int, ...]

    def owners(self, rules: Sequence[Rule]) -> tuple[str, ...]:
        """Policies first; built-in rules only where no policy is among them."""
        stated = tuple(dict.fromkeys(rule.owner for rule in rules if rule.policy is not None))
        return stated or tuple(dict.fromkeys(rule.owner for rule in rules))

    def stated(self, rules: Sequence[Rule]) -> tuple[str, ...]:
        return tuple(dict.fromkeys(rule.owner for rule in rules if rule.policy is not None))

    def some(self, rows: Sequence[int]) -> Some:
        ids = self.rooms.problem.cluster.shards.ids
        return Some("shard", tuple(ids[row] for row in rows[:FEW]), len(rows))

    def nodes(self, room: BoolArray) -> Some:
        ids = self.rooms.problem.cluster.nodes.ids
        rows = np.flatnonzero(room)
        return Some("node", tuple(ids[row] for row in rows[:FEW].tolist()), len(rows))

    @cached_property
    def judging(self) -> list[Rule]:
        """The rules that judge single replicas of these shards."""
        return [rule for rule in self.rules if self.rooms.judges_replicas(rule)]

    @cached_property
    def weighing(self) -> list[Rule]:
        return [rule for rule in self.rules if isinstance(rule.kind, Capacity)]

    @cached_property
    def counting(self) -> list[Rule]:
        return [rule for rule in self.rules if rule.kind.name in ("placed", "replicas")]

    def class_of(self, row: int) -> int:
        return int(self.rooms.problem.requirements.classes.shards.of[row])

    @cached_property
    def alike(self) -> list[int]:
        """Shards of which every rule of the set speaks that speaks of the first one, on the same terms."""
        requirements = self.rooms.problem.requirements
        first = self.class_of(self.shards[0])
        numbers = [
            rule.id for rule in self.rules if rule.policy is not None and requirements.speaks[rule.id, first]
        ]
        classes: BoolArray = np.all(requirements.speaks[numbers], axis=0)
        return np.flatnonzero(classes[requirements.classes.shards.of]).tolist()

    def short(self, row: int) -> tuple[int, int]:
        """Replicas wanted and nodes left, limits aside."""
        return self.rooms.wanted(self.rules, row), int(self.rooms.of(self.judging, row).sum())

    def most(self, row: int) -> int:
        """The replicas that a placement gives a shard at most: as many as are wanted of it."""
        return int(self.rooms.problem.ceiling[row])

    def or_first(self, rows: list[int]) -> list[int]:
        return rows or [self.shards[0]]

    def kept(self, row: int) -> tuple[int, int]:
        """`_short`, looked up once for shards that are told apart by nothing that matters here."""
        key = self.told_apart(row)
        if key not in self._known:
            self._known[key] = self.short(row)
        return self._known[key]

    def told_apart(self, row: int) -> tuple[int, int | None]:
        """Shards of one class are told apart by where they stand today only where that leaves them more."""
        is_home = self.rooms.problem.settled_count[row] > 0 and any(map(self.rooms.is_lenient, self.judging))
        return self.class_of(row), row if is_home else None

    @cached_property
    def _known(self) -> dict[tuple[int, int | None], tuple[int, int]]:
        return {}

    def tables(self) -> Iterator[tuple[Rule, int, LongArray]]:
        for rule in self.weighing:
            for (number, measure), table in self.rooms.tables.items():
                if number == rule.id:
                    yield rule, measure, table

    def is_borne(self, rule: Rule, node: int, measure: int) -> bool:
        return (rule.id, ("site", (node, measure))) in self.rooms.question.tolerated

    def scale(self, rule: Rule, measure: int) -> Fraction:
        return next(m.scale for m in self.rooms.limits[rule.id] if m.measure == measure)
