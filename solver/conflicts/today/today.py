"""A placement that keeps rules, made of today's: few shards are placed anew, all others stay where they are.

Of the shards that stay, the logic judges one of each kind (see homes.py); of those that are placed anew,
every one, under limits less what the others bring. Shards whose place company decides are all judged.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from shardwright.cluster.cluster import IntArray
from shardwright.solver.conflicts import caps
from shardwright.solver.conflicts.arithmetic.see import Arithmetic, standing
from shardwright.solver.conflicts.homes import Homes
from shardwright.solver.conflicts.question import Question
from shardwright.solver.conflicts.rooms import Rooms
from shardwright.solver.conflicts.sets import Rules
from shardwright.solver.conflicts.today.beside import Beside
from shardwright.solver.conflicts.today.keeping import Keeping
from shardwright.solver.conflicts.today.needs import needs_of, rounds_of, together
from shardwright.solver.outcome import Limits
from shardwright.solver.recertify import Pairs, settled_array


@dataclass(frozen=True)
class Today:
    """What can be made of today's placement of a question's problem."""

    question: Question
    limits: Limits

    def placement(self, rules: Collection[int], without: Collection[int] = ()) -> Pairs | None:
        """A placement of all shards (`without` some, which are then nowhere) that keeps these rules."""
        if self._is_strange:
            return None
        case = self._keeping(frozenset(rules))
        if standing(case.rules):
            return case.nowhere()
        aside = np.array(sorted(without), dtype=np.int32)
        broken = case.broken
        if broken is None or np.isin(aside, case.joined).any():
            return None
        anew = case.with_mates(np.setdiff1d(broken, aside))
        if len(anew) > caps.MAX_ANEW or len(anew) == len(self.question.problem.floor) > caps.MAX_FEW:
            return None
        needs = together(case, anew)
        placed = Beside(case, anew, aside).places([needs] if needs else [])
        return None if placed is None else placed.whole

    def has_room_beside(self, sets: Sequence[Rules]) -> bool:
        """True: every set of rules that contains none of these sets holds. False says nothing.

        Each shard that has no place today gets one for every way to leave out rules, all of them side by
        side: whatever such a set asks of it, one of its places keeps that, and together they keep the limits.
        """
        key = tuple(sets)
        if key not in self._rooms_beside:
            self._rooms_beside[key] = self._has_room_beside(sets)
        return self._rooms_beside[key]

    @cached_property
    def _rooms_beside(self) -> dict[tuple[Rules, ...], bool]:
        return {}

    def _has_room_beside(self, sets: Sequence[Rules]) -> bool:
        if self._is_strange:
            return False
        case = self._keeping(frozenset(rule.id for rule in self.question.rules))
        if case.broken is None:
            return False
        anew = case.with_mates(case.broken)
        if len(anew) > caps.MAX_ANEW or len(anew) == len(self.question.problem.floor) > caps.MAX_FEW:
            return False
        needs = needs_of(case, anew, sets)
        none = np.zeros(0, dtype=np.int32)
        return needs is not None and Beside(case, anew, none).places(rounds_of(needs)) is not None

    @cached_property
    def broken(self) -> IntArray:
        """Shards (rows) with which today's placement does not keep all rules, limits aside."""
        if self._is_strange:
            return np.zeros(0, dtype=np.int32)
        found = self._keeping(frozenset(rule.id for rule in self.question.rules)).broken
        return np.zeros(0, dtype=np.int32) if found is None else found

    def _keeping(self, rules: frozenset[int]) -> Keeping:
        if rules not in self._known:
            kept = tuple(rule for rule in self.question.rules if rule.id in rules)
            self._known[rules] = Keeping(self.question, self.homes, self.rooms, kept, self.limits)
        return self._known[rules]

    @cached_property
    def _known(self) -> dict[frozenset[int], Keeping]:
        return {}

    @cached_property
    def _is_strange(self) -> bool:
        """Pinned replicas, or a node that is named twice for a shard."""
        pairs = settled_array(self.question.problem)
        return bool(self.question.problem.pinned) or bool(
            (np.diff(pairs[:, 0]) | np.diff(pairs[:, 1]) == 0).any()
        )

    @cached_property
    def arithmetic(self) -> Arithmetic:
        return Arithmetic(self.question)

    @cached_property
    def homes(self) -> Homes:
        return Homes(self.question.problem, self.question.rules)

    @cached_property
    def rooms(self) -> Rooms:
        return Rooms(self.question)
