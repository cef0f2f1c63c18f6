"""Which way a count of replicas is wrong, where its amount alone does not say."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from shardwright.grammar.rules import NODE, Placed, Replicas, Rule
from shardwright.solver.problem import Problem

What = tuple[str, tuple[int, ...]]


def counts_both_ways(rule: Rule) -> bool:
    """Whether too few and too many replicas both break the rule."""
    kind = rule.kind
    return isinstance(kind, Placed) or (
        isinstance(kind, Replicas) and kind.least is not None and kind.most is not None
    )


class Counts:
    """How many replicas of each shard a placement holds, in all and at values of labels."""

    def __init__(self, problem: Problem, placement: Sequence[tuple[int, int]]) -> None:
        self.problem = problem
        self.placement = placement
        self.known: dict[tuple[str, str] | None, Counter[int]] = {}

    def too_few(self, rule: Rule, what: What) -> bool | None:
        """Whether it is too few that break the rule; None where there is no question."""
        if not counts_both_ways(rule) or what[0] == "replica":
            return None
        kind, shard = rule.kind, what[1][0]
        if isinstance(kind, Placed):
            return self._of(shard, None) < int(self.problem.floor[shard])
        assert isinstance(kind, Replicas)
        assert kind.least is not None
        place = None if kind.key is None else (kind.key, kind.value or "")
        return self._of(shard, place) < kind.least

    def _of(self, shard: int, place: tuple[str, str] | None) -> int:
        if place not in self.known:
            self.known[place] = Counter(
                shard for shard, node in set(self.placement) if self._is_in(node, place)
            )
        return self.known[place][shard]

    def _is_in(self, node: int, place: tuple[str, str] | None) -> bool:
        if place is None:
            return True
        key, value = place
        if key == NODE:
            return self.problem.cluster.nodes.ids[node] == value
        column = self.problem.cluster.nodes.labels.get(key)
        code = -1 if column is None else int(column.codes[node])
        return code >= 0 and column is not None and column.values[code] == value
