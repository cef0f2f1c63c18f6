"""Which nodes rules leave to a shard: for the rules that judge single replicas."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from shardwright.cluster.columns import BoolArray
from shardwright.grammar.rules import NODE, Allow, Leave, NodeState, Rule
from shardwright.solver.conflicts.question import Question
from shardwright.solver.meters import Meter
from shardwright.solver.problem import Problem
from shardwright.solver.quantities import LongArray


@dataclass(frozen=True)
class Rooms:
    """Answers about single shards (rows), from tables and numbers alone."""

    question: Question

    @property
    def problem(self) -> Problem:
        return self.question.problem

    @cached_property
    def size(self) -> int:
        return len(self.problem.cluster.nodes.ids)

    @cached_property
    def states(self) -> list[str]:
        state = self.problem.cluster.nodes.state
        return [state.values[code] for code in state.codes.tolist()]

    @cached_property
    def limits(self) -> dict[int, list[Meter]]:
        """The limits on single nodes, by rule."""
        found: dict[int, list[Meter]] = {}
        for meter in self.problem.meters:
            if meter.site.key == NODE:
                found.setdefault(meter.rule, []).append(meter)
        return found

    @cached_property
    def tables(self) -> dict[tuple[int, int], LongArray]:
        """(rule, measure): the limit of each node, a huge one where the rule sets none."""
        found: dict[tuple[int, int], LongArray] = {}
        for meter in self.problem.meters:
            if meter.site.key == NODE:
                key = meter.rule, meter.measure
                table = found.setdefault(key, np.full(self.size, 2**62, dtype=np.int64))
                table[meter.site.number] = meter.limit
        return found

    def judges_replicas(self, rule: Rule) -> bool:
        """A rule that may not get worse tolerates some replicas, and which ones only the logic knows."""
        return rule.enforcement == "required" and isinstance(rule.kind, (Allow, Leave, NodeState))

    def is_lenient(self, rule: Rule) -> bool:
        """Whether the rule leaves a shard more nodes for standing there today."""
        if isinstance(rule.kind, NodeState):
            return not self._active.all()
        return isinstance(rule.kind, Allow) and rule.kind.arrivals

    def speaks(self, rule: Rule, shard: int) -> bool:
        return bool(self.problem.requirements.speaks[rule.id, self._class(shard)])

    def _class(self, shard: int) -> int:
        return int(self.problem.requirements.classes.shards.of[shard])

    def of_rule(self, rule: Rule, shard: int) -> BoolArray:
        """The nodes on which the rule lets a replica of the shard stand."""
        return self.of_class(rule, self._class(shard), self._settled(shard))

    def of_class(self, rule: Rule, of: int, settled: BoolArray) -> BoolArray:
        """The same for shards of a class that stand on the settled nodes today."""
        if isinstance(rule.kind, NodeState):
            return self._active | (self._up & settled)
        if not self.judges_replicas(rule) or not self.problem.requirements.speaks[rule.id, of]:
            return np.ones(self.size, dtype=bool)
        admitted = self._admitted(rule, of)
        if isinstance(rule.kind, Allow):
            return admitted | settled if rule.kind.arrivals else admitted
        return ~admitted

    def kept_by(self, rule: Rule, shard: int) -> BoolArray:
        """The nodes on which a rule to stay keeps replicas of the shard."""
        if not self.speaks(rule, shard):
            return np.zeros(self.size, dtype=bool)
        return self._settled(shard) & self._up & self._admitted(rule, self._class(shard))

    @cached_property
    def _active(self) -> BoolArray:
        return np.array([state == "active" for state in self.states], dtype=bool)

    @cached_property
    def _up(self) -> BoolArray:
        return np.array([state != "down" for state in self.states], dtype=bool)

    def _admitted(self, rule: Rule, of: int) -> BoolArray:
        requirements = self.problem.requirements
        table = requirements.admits.get(rule.id)
        if table is None:
            return np.zeros(self.size, dtype=bool)
        row = table[of] if table.ndim == 2 else table
        admitted: BoolArray = row[requirements.classes.nodes.of]
        return admitted

    def _settled(self, shard: int) -> BoolArray:
        settled = self.problem.cluster.settled
        here = np.zeros(self.size, dtype=bool)
        low, high = np.searchsorted(settled.shard, np.array([shard, shard + 1], dtype=settled.shard.dtype))
        here[settled.node[low:high]] = True
        return here

    def of(self, rules: Iterable[Rule], shard: int) -> BoolArray:
        """The nodes that all of these rules leave to a replica of the shard, limits aside."""
        room = np.ones(self.size, dtype=bool)
        for rule in rules:
            room &= self.of_rule(rule, shard)
        return room

    def wanted(self, rules: Sequence[Rule], shard: int) -> int:
        """The least number of replicas that some of the rules ask for."""
        of = self._class(shard)
        used = {rule.id for rule in rules if rule.enforcement == "required"}
        least = [count for rule, at, count in self.problem.requirements.least if at == of and rule in used]
        placed = any(rule.kind.name == "placed" for rule in rules)
        return max([int(self.problem.floor[shard]) if placed else 0, *least])
