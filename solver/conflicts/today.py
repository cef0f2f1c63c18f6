"""A placement that keeps rules, made of today's: few shards are placed anew, all others stay where they are.

Of the shards that stay, the logic judges one of each kind (see homes.py); of those that are placed anew,
every one, under limits less what the others bring. Shards whose place company decides are all judged.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from shardwright.cluster.cluster import IntArray
from shardwright.grammar.rules import Apart, Rule, Together
from shardwright.solver.certify import Broken, Pair, amounts_of
from shardwright.solver.conflicts import caps
from shardwright.solver.conflicts.arithmetic.see import standing
from shardwright.solver.conflicts.evacuation import Evacuation
from shardwright.solver.conflicts.homes import Homes
from shardwright.solver.conflicts.only import only
from shardwright.solver.conflicts.part import Part, part_of
from shardwright.solver.conflicts.question import Question
from shardwright.solver.conflicts.rooms import Rooms
from shardwright.solver.exact import Limits, any_placement
from shardwright.solver.meters import Meter
from shardwright.solver.problem import Problem
from shardwright.solver.processes import WorkerFailed
from shardwright.solver.quantities import LongArray
from shardwright.solver.recertify import Pairs, mates, settled_array
from shardwright.solver.shaping import with_shaping

OF_SHARDS = ("shard", "value", "replica")


@dataclass(frozen=True)
class Today:
    """What can be made of today's placement of a question's problem."""

    question: Question
    limits: Limits

    def placement(self, rules: Collection[int], without: Collection[int] = ()) -> Pairs | None:
        """A placement of all shards (`without` some, which are then nowhere) that keeps these rules."""
        if self._is_strange:
            return None
        case = _Case(self, tuple(rule for rule in self.question.rules if rule.id in set(rules)))
        return case.placement(np.array(sorted(without), dtype=np.int32))

    @cached_property
    def broken(self) -> IntArray:
        """Shards (rows) with which today's placement does not keep all rules, limits aside."""
        found = None if self._is_strange else _Case(self, self.question.rules).broken()
        return np.zeros(0, dtype=np.int32) if found is None else found

    @cached_property
    def _is_strange(self) -> bool:
        """Pinned replicas, or a node that is named twice for a shard."""
        pairs = self.settled
        return bool(self.question.problem.pinned) or bool(
            (np.diff(pairs[:, 0]) | np.diff(pairs[:, 1]) == 0).any()
        )

    @cached_property
    def settled(self) -> Pairs:
        return settled_array(self.question.problem)

    @cached_property
    def homes(self) -> Homes:
        return Homes(self.question.problem, self.question.rules)

    @cached_property
    def rooms(self) -> Rooms:
        return Rooms(self.question)

    @cached_property
    def everywhere(self) -> IntArray:
        return np.arange(len(self.question.problem.cluster.nodes.ids), dtype=np.int32)


@dataclass(frozen=True)
class _Case:
    """Some rules, all of which are to be kept."""

    today: Today
    rules: tuple[Rule, ...]

    @property
    def problem(self) -> Problem:
        return self.today.question.problem

    @cached_property
    def numbers(self) -> frozenset[int]:
        return frozenset(rule.id for rule in self.rules)

    @cached_property
    def meters(self) -> list[Meter]:
        return [meter for meter in self.problem.meters if meter.rule in self.numbers]

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

    # -- what today's placement breaks

    def broken(self) -> IntArray | None:
        """Shards with which today's placement breaks a rule, limits aside; None: too many kinds."""
        kinds = self.today.homes.shards
        firsts = np.unique(kinds, return_index=True)[1]
        rows = np.union1d(firsts, self.joined).astype(np.int32)
        if len(firsts) > caps.MAX_HOMES or len(rows) > caps.MAX_JUDGED:
            return None
        part = part_of(self.problem, rows, self.today.everywhere)
        part = replace(part, problem=replace(part.problem, meters=()))
        faults = self._faults(part, _of_shards(self.today.settled, rows))
        if any(what not in OF_SHARDS for what, _ in faults):
            return None
        found = rows[sorted({row for _, row in faults})]
        too_many = self.problem.settled_count > self.problem.ceiling
        return np.flatnonzero(np.isin(kinds, kinds[found]) | too_many).astype(np.int32)

    def _faults(self, part: Part, pairs: Pairs) -> list[tuple[str, int]]:
        """What is broken of the rules in a part with all nodes: what, and of whom in it."""
        if self.rules == ():
            return []
        limits = self.today.limits
        inside = np.searchsorted(part.shards, pairs[:, 0])
        held = list(zip(inside.tolist(), pairs[:, 1].tolist(), strict=True))
        shaped = with_shaping(self.problem, self.rules)
        amounts, _ = amounts_of(part.problem, shaped, held, limits.deadline, limits.memory_limit_mb)
        return [(broken.what[0], broken.what[1][0]) for broken in amounts if self._is_fault(part, broken)]

    def _is_fault(self, part: Part, broken: Broken) -> bool:
        """Limits of sites have room for what is tolerated of them already."""
        if broken.rule not in self.numbers or broken.amount <= 0:
            return False
        name, arguments = broken.what
        if name not in OF_SHARDS:
            return True
        what = name, (int(part.shards[arguments[0]]), *arguments[1:])
        return broken.amount > self.today.question.tolerated.get((broken.rule, what), 0)

    # -- a placement

    def placement(self, without: IntArray) -> Pairs | None:
        if standing(self.rules):
            return self._nowhere()
        broken = self.broken()
        if broken is None or np.isin(without, self.joined).any():
            return None
        anew = self._with_mates(np.setdiff1d(broken, without))
        if len(anew) > caps.MAX_ANEW or len(anew) == len(self.problem.floor) > caps.MAX_FEW:
            return None
        stays = ~np.isin(self.today.settled[:, 0], np.union1d(anew, without))
        kept = self.today.settled[stays]
        after = self._cleared(kept, anew) if len(anew) else kept
        placed = self._placed(anew, after) if len(anew) else kept[:0]
        if placed is None:
            return None
        moved = np.union1d(anew, after[(after != kept).any(axis=1), 0])
        whole = np.concatenate([after, placed])
        whole = whole[np.lexsort((whole[:, 1], whole[:, 0]))]
        return whole if self._is_kept(whole, moved) else None

    def _nowhere(self) -> Pairs | None:
        """The empty placement, if one shard of each class keeps the rules so."""
        nothing = np.zeros((0, 2), dtype=np.int32)
        rows = np.sort(np.unique(self.problem.requirements.classes.shards.of, return_index=True)[1])
        part = part_of(self.problem, rows.astype(np.int32), self.today.everywhere)
        return None if self._faults(part, nothing) else nothing

    def _with_mates(self, rows: IntArray) -> IntArray:
        """The shards and all their company."""
        before = -1
        while before < len(rows) <= caps.MAX_ANEW:
            before = len(rows)
            rows = np.unique(
                np.concatenate([rows, *(mates(self.problem, rule, rows) for rule in self.rules)])
            )
        return rows.astype(np.int32)

    def _cleared(self, kept: Pairs, anew: IntArray) -> Pairs:
        """Where the others are when they have made room."""
        rooms = self.today.rooms
        judging = [rule for rule in self.rules if rooms.judges_replicas(rule)]
        kinds = self.today.homes.nodes
        evacuation = Evacuation(
            self.problem, self.numbers, kinds, kept, lambda row: rooms.of(judging, row), self.joined
        )
        return evacuation.for_shards(anew)

    def _placed(self, anew: IntArray, others: Pairs) -> Pairs | None:
        """Places for some shards beside the others: all of them, or None."""
        nodes = self._candidates(anew, others)
        part = self._less(part_of(only(self.problem, self.numbers), anew, nodes), others)
        outcome = _solved(_with_hard_limits(part.problem), self.today.limits)
        if outcome is None:
            return None
        pairs = np.array(outcome, dtype=np.int32).reshape(-1, 2)
        return np.stack([part.shards[pairs[:, 0]], part.nodes[pairs[:, 1]]], axis=1)

    def _candidates(self, anew: IntArray, others: Pairs) -> IntArray:
        """Of each kind of nodes those with most room, as many as can be looked at."""
        kinds = self.today.homes.nodes
        pairs = caps.MAX_EASY if len(anew) <= caps.MAX_FEW else caps.MAX_PAIRS
        most = max(1, pairs // (len(anew) * (int(kinds.max(initial=0)) + 1)))
        evacuation = Evacuation(
            self.problem, self.numbers, kinds, others, lambda row: np.ones(len(kinds), dtype=bool), anew
        )
        share = (evacuation.free / np.maximum(evacuation.weights[anew].max(axis=0, initial=0), 1)).min(
            axis=1, initial=np.inf
        )
        order = np.lexsort((np.arange(len(kinds)), -share, kinds))
        rank = np.arange(len(order)) - np.searchsorted(kinds[order], kinds[order])
        return np.sort(order[rank < most]).astype(np.int32)

    def _is_kept(self, whole: Pairs, moved: IntArray) -> bool:
        """Whether the shards that have moved keep the rules, and all together the limits."""
        rows = np.union1d(moved, self.joined).astype(np.int32)
        if len(rows) > caps.MAX_JUDGED:
            return False
        inside = np.isin(whole[:, 0], rows)
        part = self._less(part_of(self.problem, rows, self.today.everywhere), whole[~inside])
        return not self._faults(part, whole[inside])

    def _less(self, part: Part, others: Pairs) -> Part:
        """A part under the limits of these rules, less what the other shards bring."""
        load: dict[int, LongArray] = {}
        for number in sorted({meter.measure for meter in part.problem.meters}):
            load[number] = np.zeros(len(self.today.everywhere), dtype=np.int64)
            np.add.at(load[number], others[:, 1], self.problem.measures[number].weights[others[:, 0]])
        before = {(m.rule, m.measure, m.site.key, m.site.name): m.site.nodes for m in self.problem.meters}
        meters = []
        for meter in [meter for meter in part.problem.meters if meter.rule in self.numbers]:
            nodes = before[meter.rule, meter.measure, meter.site.key, meter.site.name]
            meters.append(replace(meter, limit=meter.limit - int(load[meter.measure][nodes].sum())))
        return replace(part, problem=replace(part.problem, meters=tuple(meters)))


def _of_shards(pairs: Pairs, rows: IntArray) -> Pairs:
    return pairs[np.isin(pairs[:, 0], rows)]


def _with_hard_limits(problem: Problem) -> Problem:
    """Limits that have room for what is tolerated already tolerate nothing more."""
    measured = {meter.rule for meter in problem.meters}

    def hard(rule: Rule) -> Rule:
        is_soft = rule.id in measured and rule.enforcement == "no_worse"
        return replace(rule, enforcement="required") if is_soft else rule

    rules = tuple(map(hard, problem.rules))
    return replace(problem, requirements=replace(problem.requirements, rules=rules))


def _solved(problem: Problem, limits: Limits) -> list[Pair] | None:
    """Any placement of a small problem that keeps its rules."""
    from shardwright.solver.search.propose import solve_search

    try:
        if len(problem.cluster.shards.ids) * len(problem.cluster.nodes.ids) <= caps.MAX_EASY:
            return any_placement(problem, limits, caps.MAX_EFFORT)
        found = solve_search(
            problem, limits, workers=1, seed=1, steps=caps.MAX_WITNESS_STEPS, search_until=limits.deadline
        )
    except WorkerFailed as failed:
        if failed.setting is None:
            raise
        return None
    return found.placement if found.status == "feasible" else None
