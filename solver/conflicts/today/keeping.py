"""Some rules, all of which are to be kept: what today's placement breaks of them, and what another does."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from shardwright.cluster.cluster import IntArray
from shardwright.grammar.rules import Apart, Rule, Together
from shardwright.solver.certify import Broken, amounts_of
from shardwright.solver.conflicts import caps
from shardwright.solver.conflicts.homes import Homes
from shardwright.solver.conflicts.part import Part, Tolerated, narrowed, part_of
from shardwright.solver.conflicts.question import Question
from shardwright.solver.conflicts.rooms import Rooms
from shardwright.solver.conflicts.today.loads import Held, Loads
from shardwright.solver.meters import Meter
from shardwright.solver.outcome import Limits
from shardwright.solver.problem import Problem
from shardwright.solver.recertify import Pairs, mates, settled_array
from shardwright.solver.shaping import with_shaping

OF_SHARDS = ("shard", "value", "replica")


@dataclass(frozen=True)
class Keeping:
    """`rules` are to be kept."""

    question: Question
    homes: Homes
    rooms: Rooms
    rules: tuple[Rule, ...]
    limits: Limits

    def only(self, rules: frozenset[int]) -> Keeping:
        """Only some of the rules are to be kept."""
        return replace(self, rules=tuple(rule for rule in self.rules if rule.id in rules))

    @property
    def problem(self) -> Problem:
        return self.question.problem

    @cached_property
    def numbers(self) -> frozenset[int]:
        return frozenset(rule.id for rule in self.rules)

    @cached_property
    def measured(self) -> frozenset[int]:
        """The rules that are limits of sites."""
        return frozenset(meter.rule for meter in self.problem.meters) & self.numbers

    @cached_property
    def judging(self) -> list[Rule]:
        """The rules that judge single replicas."""
        return [rule for rule in self.rules if self.rooms.judges_replicas(rule)]

    @cached_property
    def settled(self) -> Pairs:
        return settled_array(self.problem)

    @cached_property
    def everywhere(self) -> IntArray:
        return np.arange(len(self.problem.cluster.nodes.ids), dtype=np.int32)

    @cached_property
    def joined(self) -> IntArray:
        """Shards that rules about company look at."""
        requirements = self.problem.requirements
        classes = np.zeros(requirements.classes.shards.size, dtype=bool)
        for rule in self.rules:
            if isinstance(rule.kind, (Apart, Together)):
                classes |= requirements.speaks[rule.id]
                classes |= requirements.targets.get(rule.id, classes)
        return np.flatnonzero(classes[requirements.classes.shards.of]).astype(np.int32)

    def with_mates(self, rows: IntArray) -> IntArray:
        """The shards and all their company."""
        before = -1
        while before < len(rows) <= caps.MAX_ANEW:
            before = len(rows)
            rows = np.unique(
                np.concatenate([rows, *(mates(self.problem, rule, rows) for rule in self.rules)])
            )
        return rows.astype(np.int32)

    @cached_property
    def broken(self) -> IntArray | None:
        """Shards with which today's placement breaks a rule, limits aside; None: too many kinds."""
        kinds = self.homes.shards
        firsts = np.unique(kinds, return_index=True)[1]
        rows = np.union1d(firsts, self.joined).astype(np.int32)
        if len(firsts) > caps.MAX_HOMES or len(rows) > caps.MAX_JUDGED:
            return None
        pairs = of_shards(self.settled, rows)
        faults = self.faults(self.unlimited(rows, pairs), pairs)
        if any(fault.what[0] not in OF_SHARDS for fault in faults):
            return None
        found = rows[sorted({fault.what[1][0] for fault in faults})]
        too_many = self.problem.settled_count > self.problem.ceiling
        return np.flatnonzero(np.isin(kinds, kinds[found]) | too_many).astype(np.int32)

    def nowhere(self) -> Pairs | None:
        """The empty placement, if one shard of each class keeps the rules so."""
        nothing = np.zeros((0, 2), dtype=np.int32)
        rows = np.sort(np.unique(self.problem.requirements.classes.shards.of, return_index=True)[1])
        part = part_of(self.problem, rows.astype(np.int32), self.everywhere)
        return None if self.faults(part, nothing) else nothing

    def unlimited(self, rows: IntArray, pairs: Pairs) -> Part:
        """Some shards, the nodes that they are on, and one of every kind; limits aside."""
        firsts = np.unique(self.homes.nodes, return_index=True)[1]
        nodes = np.union1d(firsts, pairs[:, 1]).astype(np.int32)
        return part_of(replace(self.problem, meters=()), rows, nodes)

    def faults(self, part: Part, pairs: Pairs) -> list[Broken]:
        """What is broken of the rules in a part, in the part's numbers."""
        if self.rules == ():
            return []
        shards, nodes = np.searchsorted(part.shards, pairs[:, 0]), np.searchsorted(part.nodes, pairs[:, 1])
        held = list(zip(shards.tolist(), nodes.tolist(), strict=True))
        shaped = with_shaping(self.problem, self.rules)
        amounts, _ = amounts_of(part.problem, shaped, held, self.limits.deadline, self.limits.memory_limit_mb)
        tolerated = narrowed(self.question.tolerated, self.problem, part)
        return [broken for broken in amounts if self._is_fault(broken, tolerated)]

    def _is_fault(self, broken: Broken, tolerated: Tolerated) -> bool:
        """Limits of sites have room for what is tolerated of them already."""
        if broken.rule not in self.numbers or broken.amount <= 0:
            return False
        if broken.what[0] not in OF_SHARDS:
            return True
        return broken.amount > tolerated.get((broken.rule, broken.what), 0)

    def is_kept(self, others: Pairs, loads: Loads, moved: IntArray, held: Sequence[Held]) -> bool:
        """Whether the shards that have moved keep the rules, and all together the limits; those that are
        held besides have been judged."""
        besides = np.concatenate([np.zeros(0, dtype=np.int32), *(one.pairs[:, 0] for one in held)])
        rows = np.union1d(moved, np.setdiff1d(self.joined, besides)).astype(np.int32)
        if len(rows) > caps.MAX_JUDGED:
            return False
        if not len(rows):
            return all(limit >= 0 for _, limit in self._left(loads, held))
        inside = others[np.isin(others[:, 0], rows)]
        part = part_of(self.problem, rows, self.everywhere)
        return not self.faults(self.less(part, loads.plus(inside, -1), held), inside)

    def less(self, part: Part, loads: Loads, held: Sequence[Held]) -> Part:
        """A part under the limits of these rules, less what others bring."""
        left = {_name(meter): limit for meter, limit in self._left(loads, held)}
        inside = [meter for meter in part.problem.meters if meter.rule in self.numbers]
        meters = tuple(replace(meter, limit=left[_name(meter)]) for meter in inside)
        return replace(part, problem=replace(part.problem, meters=meters))

    def _left(self, loads: Loads, held: Sequence[Held]) -> Iterator[tuple[Meter, int]]:
        """What others leave of each limit."""
        counted = {rule: loads.as_counted(rule, held) for rule in sorted(self.measured)}
        for meter in [meter for meter in self.problem.meters if meter.rule in self.numbers]:
            load = counted[meter.rule].on[meter.measure]
            nodes = meter.site.nodes
            brought = int(load[nodes[0]]) if len(nodes) == 1 else int(load[nodes].sum())
            yield meter, meter.limit - brought


def _name(meter: Meter) -> tuple[int, int, str, str]:
    return meter.rule, meter.measure, meter.site.key, meter.site.name


def of_shards(pairs: Pairs, rows: IntArray) -> Pairs:
    return pairs[np.isin(pairs[:, 0], rows)]
