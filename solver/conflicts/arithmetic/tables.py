"""What counting and adding up read, by class of shards: lenient where today's placement makes it so."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from shardwright.cluster.cluster import IntArray
from shardwright.cluster.columns import BoolArray
from shardwright.grammar.rules import Placed, Rule
from shardwright.solver.conflicts.question import Question
from shardwright.solver.conflicts.rooms import Rooms
from shardwright.solver.conflicts.sets import Rules
from shardwright.solver.quantities import LongArray


@dataclass(frozen=True)
class Seen:
    """Rules that cannot hold together for these shards (rows)."""

    rules: Rules
    shards: tuple[int, ...]


@dataclass(frozen=True)
class Tables:
    """Answers for sets of binding rules, by number."""

    question: Question

    @cached_property
    def rooms(self) -> Rooms:
        return Rooms(self.question)

    @cached_property
    def rules(self) -> dict[int, Rule]:
        return {rule.id: rule for rule in self.question.rules}

    @cached_property
    def of(self) -> IntArray:
        return self.question.problem.requirements.classes.shards.of

    @cached_property
    def members(self) -> list[IntArray]:
        """The rows of each class of shards."""
        order = np.argsort(self.of, kind="stable").astype(np.int32)
        size = self.question.problem.requirements.classes.shards.size
        return np.split(order, np.searchsorted(self.of[order], np.arange(1, size)))

    @cached_property
    def present(self) -> list[int]:
        return [at for at, rows in enumerate(self.members) if len(rows)]

    @cached_property
    def settled_in(self) -> list[BoolArray]:
        """The nodes on which some shard of each class stands today."""
        settled = self.question.problem.cluster.settled
        table = np.zeros((len(self.members), self.rooms.size), dtype=bool)
        table[self.of[settled.shard], settled.node] = True
        return list(table)

    @cached_property
    def judging(self) -> list[Rule]:
        return [rule for rule in self.question.rules if self.rooms.judges_replicas(rule)]

    @cached_property
    def _rooms_of(self) -> dict[tuple[int, int], BoolArray]:
        return {}

    def room_of(self, rule: Rule, of: int) -> BoolArray:
        """The nodes that a rule leaves to some shard of a class."""
        if (rule.id, of) not in self._rooms_of:
            self._rooms_of[rule.id, of] = self.rooms.of_class(rule, of, self.settled_in[of])
        return self._rooms_of[rule.id, of]

    @cached_property
    def _judging(self) -> list[list[Rule]]:
        """The rules that judge replicas of each class."""
        speaks = self.question.problem.requirements.speaks
        return [[rule for rule in self.judging if speaks[rule.id, at]] for at in range(len(self.members))]

    @cached_property
    def _asking(self) -> list[list[tuple[int, int]]]:
        """The least counts that are asked for each class, by rule."""
        problem = self.question.problem
        found: list[list[tuple[int, int]]] = [[] for _ in self.members]
        for rule in self.question.rules:
            if isinstance(rule.kind, Placed):
                for at, rows in enumerate(found):
                    rows.append((rule.id, int(problem.requirements.floor[at])))
        for number, at, count in problem.requirements.least:
            if number in self.rules and self.rules[number].enforcement == "required":
                found[at].append((number, count))
        return found

    def speaking(self, chosen: set[int], of: int) -> list[Rule]:
        """The chosen rules that judge replicas of a class."""
        return [rule for rule in self._judging[of] if rule.id in chosen]

    def room(self, chosen: set[int], of: int) -> BoolArray:
        """The nodes that the chosen rules leave to a class."""
        room = np.ones(self.rooms.size, dtype=bool)
        for rule in self.speaking(chosen, of):
            room &= self.room_of(rule, of)
        return room

    def asking(self, chosen: set[int], of: int) -> tuple[int, list[int]]:
        """The least number of replicas that chosen rules ask for of a class, and the rule that does."""
        best, by = 0, []
        for number, count in self._asking[of]:
            if number in chosen and count > best:
                best, by = count, [number]
        return best, by

    @cached_property
    def weights_of(self) -> list[list[int]]:
        """For each measure what one replica of each shard of a class adds up to, by class."""
        measures = self.question.problem.measures
        return [[int(one.weights[rows].sum()) for rows in self.members] for one in measures]

    def heaviest(self, of: int, measure: int) -> tuple[int, int]:
        """The row of a class that weighs most, and what one replica of it adds to a measure."""
        if (of, measure) not in self._heaviest:
            rows = self.members[of]
            weights = self.question.problem.measures[measure].weights[rows]
            at = int(np.argmax(weights))
            self._heaviest[of, measure] = int(rows[at]), int(weights[at])
        return self._heaviest[of, measure]

    @cached_property
    def _heaviest(self) -> dict[tuple[int, int], tuple[int, int]]:
        return {}

    def seen(self, chosen: set[int], of: int, more: Sequence[int], rows: Iterable[int]) -> Seen:
        """What cannot hold for a class: the rules that judge its replicas, and more."""
        rules = {rule.id for rule in self.speaking(chosen, of)} | set(more)
        return Seen(tuple(sorted(rules)), tuple(int(row) for row in rows))


def added(numbers: LongArray) -> int:
    """A sum beyond 64 bits."""
    return sum(numbers.tolist())
