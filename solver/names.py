"""Numbers of the facts back to the user's names."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from shardwright.grammar.rules import NODE
from shardwright.solver.facts import Numbers
from shardwright.solver.meters import Meter
from shardwright.solver.problem import Problem


@dataclass(frozen=True)
class Names:
    problem: Problem

    def shard(self, number: int) -> str:
        return f"shard `{self.problem.cluster.shards.ids[number]}`"

    def node(self, number: int) -> str:
        return f"node `{self.problem.cluster.nodes.ids[number]}`"

    def value(self, number: int) -> str:
        """A node, or a label value: "zone `z1`"."""
        nodes = len(self.problem.cluster.nodes.ids)
        if number < nodes:
            return self.node(number)
        if number - nodes >= len(self._values):
            return "a value that no node carries"
        key, value = self._values[number - nodes]
        return f"{key} `{value}`"

    @cached_property
    def _values(self) -> list[tuple[str, str]]:
        return Numbers(self.problem).values

    @cached_property
    def _meters(self) -> dict[tuple[int, int, int], Meter]:
        return {(meter.rule, meter.site.number, meter.measure): meter for meter in self.problem.meters}

    def meter(self, rule: int, site: int, measure: int) -> Meter:
        return self._meters[rule, site, measure]

    def site(self, meter: Meter) -> str:
        kind = "node" if meter.site.key == NODE else meter.site.key
        return f"{kind} `{meter.site.name}`"

    def measure(self, meter: Meter) -> str:
        return self.problem.measures[meter.measure].name

    def quantity(self, amount: int, meter: Meter) -> str:
        """A scaled amount in the user's numbers."""
        return f"{float(amount / meter.scale):.6g}"
