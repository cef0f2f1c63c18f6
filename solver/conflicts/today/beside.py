"""Places for shards beside all others, who make room for them; each judged by the logic.

First one shard after the other gets the places where most is left. Only where the logic objects, it looks for
places itself.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from shardwright.cluster.cluster import IntArray
from shardwright.solver.conflicts import caps
from shardwright.solver.conflicts.today.evacuation import Evacuation
from shardwright.solver.conflicts.today.greedy import Greedy
from shardwright.solver.conflicts.today.keeping import OF_SHARDS, Keeping
from shardwright.solver.conflicts.today.loads import Held, Loads, loads_of
from shardwright.solver.conflicts.today.needs import Need
from shardwright.solver.conflicts.today.solved import solved
from shardwright.solver.recertify import Pairs


@dataclass(frozen=True)
class Placed:
    """Where the others are, and the places that were found besides."""

    others: Pairs
    held: tuple[Held, ...]

    @property
    def whole(self) -> Pairs:
        """All of it, in the order of shards and nodes."""
        pairs = np.concatenate([self.others, *(one.pairs for one in self.held)])
        return pairs[np.lexsort((pairs[:, 1], pairs[:, 0]))]


@dataclass(frozen=True)
class _State:
    """`loads` are those of the others."""

    placed: Placed
    loads: Loads

    def with_held(self, held: Held) -> _State:
        return replace(self, placed=replace(self.placed, held=(*self.placed.held, held)))

    def without(self, rows: IntArray, since: int) -> _State:
        """These shards no longer held, as far as they came after the first `since`."""
        held = self.placed.held
        left = [replace(one, pairs=one.pairs[~np.isin(one.pairs[:, 0], rows)]) for one in held[since:]]
        return replace(self, placed=replace(self.placed, held=(*held[:since], *left)))


@dataclass(frozen=True)
class Beside:
    """`anew` are the shards that get places; `gone` ones are nowhere; all others stay, or make room."""

    keeping: Keeping
    anew: IntArray
    gone: IntArray

    def places(self, rounds: Sequence[Sequence[Need]]) -> Placed | None:
        """Places for all rounds side by side; in each no shard twice."""
        kept = self._kept
        state = _State(Placed(kept, ()), loads_of(self.keeping.problem, kept))
        for needs in rounds:
            after = self._seated(needs, state)
            if after is None:
                return None
            state = after
        others, held = state.placed.others, state.placed.held
        moved = others[(others != kept).any(axis=1), 0]
        return state.placed if self.keeping.is_kept(others, state.loads, moved, held) else None

    @cached_property
    def _kept(self) -> Pairs:
        settled = self.keeping.settled
        return settled[~np.isin(settled[:, 0], np.union1d(self.anew, self.gone))]

    def _seated(self, needs: Sequence[Need], state: _State) -> _State | None:
        """With places for one more round: at first sight, and where the logic objects, by the logic."""
        before = len(state.placed.held)
        by_limits = self._by_limits(needs)
        for uncounted, some in by_limits.items():
            state = self._cleared(some, state) if not uncounted else state
            state = state.with_held(Held(self._greedy(some, uncounted, state), uncounted))
        found = np.concatenate([one.pairs for one in state.placed.held[before:]])
        wrong = self._wrong(needs, found)
        if not len(wrong):
            return state
        state = state.without(wrong, before)
        again = [Need(need.shards[np.isin(need.shards, wrong)], need.rules) for need in needs]
        return self._by_logic([need for need in again if len(need.shards)], state)

    def _by_logic(self, needs: Sequence[Need], state: _State) -> _State | None:
        if not all(self._has_nodes(need, state) for need in needs):
            return None
        before = len(state.placed.held)
        for need in needs:
            narrow, uncounted = self.keeping.only(need.rules), self.keeping.measured - need.rules
            for rows in self._chunks(need):
                pairs = solved(narrow, rows, state.loads, state.placed.held)
                if pairs is None:
                    return None
                state = state.with_held(Held(pairs, uncounted))
        found = np.concatenate([one.pairs for one in state.placed.held[before:]])
        return None if len(self._wrong(needs, found)) else state

    def _has_nodes(self, need: Need, state: _State) -> bool:
        """Whether each shard, alone, has as many nodes that take it now as it wants replicas."""
        keeping = self.keeping.only(need.rules)
        uncounted = self.keeping.measured - need.rules
        room = Evacuation(keeping, state.placed.others[:0], self.anew, self._seen(uncounted, state))
        for row in need.shards.tolist():
            takes = (room.free >= room.weights[row]).all(axis=1)
            open_to = keeping.rooms.of(keeping.judging, row) & takes
            if int(open_to.sum()) < keeping.rooms.wanted(keeping.rules, row):
                return False
        return True

    def _by_limits(self, needs: Sequence[Need]) -> dict[frozenset[int], list[Need]]:
        """The needs by the limits that do not count them, those first that all limits count."""
        found: dict[frozenset[int], list[Need]] = {}
        for need in needs:
            found.setdefault(self.keeping.measured - need.rules, []).append(need)
        return {key: found[key] for key in sorted(found, key=lambda key: (len(key), sorted(key)))}

    def _cleared(self, needs: Sequence[Need], state: _State) -> _State:
        """When the others have made room."""
        fixed = np.union1d(self.keeping.joined, self.anew)
        before = state.placed.others
        evacuation = Evacuation(self.keeping, before, fixed, self._seen(frozenset(), state))
        for need in needs:
            judging = [rule for rule in self.keeping.judging if rule.id in need.rules]
            asking = [rule for rule in self.keeping.rules if rule.id in need.rules]
            evacuation.make_room(need.shards, judging, asking)
        after = evacuation.after
        return _State(Placed(after, state.placed.held), state.loads.moved(before, after))

    def _greedy(self, needs: Sequence[Need], uncounted: frozenset[int], state: _State) -> Pairs:
        """Places at first sight, for shards that keep no company."""
        here = self.keeping.only(self.keeping.numbers - uncounted)
        room = Evacuation(here, state.placed.others[:0], self.anew, self._seen(uncounted, state))
        single = [need for need in needs if not np.isin(need.shards, self.keeping.joined).any()]
        return Greedy(here, room).places(single)

    def _seen(self, uncounted: frozenset[int], state: _State) -> Loads:
        """The loads that all other limits count."""
        loads = state.loads
        for one in state.placed.held:
            loads = loads if one.uncounted - uncounted else loads.plus(one.pairs)
        return loads

    def _chunks(self, need: Need) -> Iterator[IntArray]:
        """Shards that keep company need places together; others do not."""
        if len(need.shards) <= caps.MAX_FEW or np.isin(need.shards, self.keeping.joined).any():
            yield need.shards
            return
        yield from np.array_split(need.shards, -(-len(need.shards) // caps.MAX_FEW))

    def _wrong(self, needs: Sequence[Need], pairs: Pairs) -> IntArray:
        """The shards that do not keep the rules of their need, limits aside."""
        of = {row: need.rules for need in needs for row in need.shards.tolist()}
        rows = np.array(sorted(of), dtype=np.int32)
        here = pairs[np.isin(pairs[:, 0], rows)]
        faults = self.keeping.faults(self.keeping.unlimited(rows, here), here)
        if any(fault.what[0] not in OF_SHARDS for fault in faults):
            return rows
        named = {(int(rows[fault.what[1][0]]), fault.rule) for fault in faults}
        return np.array(sorted({row for row, rule in named if rule in of[row]}), dtype=np.int32)
