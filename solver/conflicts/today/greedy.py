"""Places for shards one after the other, the heaviest first, where most is left; for the logic to judge."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from shardwright.grammar.rules import NODE, Spread
from shardwright.solver.conflicts.buckets import site_codes
from shardwright.solver.conflicts.today.evacuation import Evacuation
from shardwright.solver.conflicts.today.keeping import Keeping
from shardwright.solver.conflicts.today.needs import Need
from shardwright.solver.quantities import LongArray
from shardwright.solver.recertify import Pairs


@dataclass(frozen=True)
class Greedy:
    """`room` says what is left on each node; it is counted down."""

    keeping: Keeping
    room: Evacuation

    def places(self, needs: Sequence[Need]) -> Pairs:
        """As many of the replicas as find a place."""
        each = [(row, need.rules) for need in needs for row in need.shards.tolist()]
        weights = self.room.weights
        each.sort(key=lambda one: (-int(weights[one[0]].max(initial=0)), one[0]))
        found = [(row, node) for row, rules in each for node in self._nodes(row, rules)]
        return np.array(sorted(found), dtype=np.int32).reshape(-1, 2)

    def _nodes(self, row: int, rules: frozenset[int]) -> list[int]:
        kept = [rule for rule in self.keeping.rules if rule.id in rules]
        judging = [rule for rule in self.keeping.judging if rule.id in rules]
        rooms, needs = self.keeping.rooms, self.room.weights[row]
        open_to = rooms.of(judging, row) & (self.room.free >= needs).all(axis=1)
        wanted = rooms.wanted(kept, row)
        keys = [self._codes[rule.id] for rule in kept if rule.id in self._codes and rooms.speaks(rule, row)]
        found: list[int] = []
        while len(found) < wanted and open_to.any():
            node = self._best(np.flatnonzero(open_to), needs, keys, found)
            found.append(node)
            open_to[node] = False
            self.room.free[node] -= needs
        return found

    def _best(self, nodes: LongArray, needs: LongArray, keys: list[LongArray], taken: list[int]) -> int:
        """Where fewest replicas of the shard share a label value, then where the largest share is left."""
        shared = np.zeros(len(nodes), dtype=np.int64)
        for codes in keys:
            shared += sum((codes[nodes] == codes[node]).astype(np.int64) for node in taken)
        left = (self.room.free[nodes] - needs) / np.maximum(self.room.limits[nodes], 1)
        return int(nodes[np.lexsort((nodes, -left.min(axis=1, initial=np.inf), shared))[0]])

    @cached_property
    def _codes(self) -> dict[int, LongArray]:
        """The label values over which rules spread replicas, by rule."""
        return {
            rule.id: site_codes(self.keeping.problem, rule.kind.by).astype(np.int64)
            for rule in self.keeping.rules
            if isinstance(rule.kind, Spread) and rule.kind.by != NODE
        }
