"""What the rules of a problem cost, collected rule by rule: each kind of the vocabulary adds its term."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np

from shardwright.grammar.rules import NODE, Apart, Nearness, Rule, Targets, Together
from shardwright.solver.facts import distances, homes, node_keys
from shardwright.solver.meters import Meter
from shardwright.solver.problem import Problem
from shardwright.solver.search.tables import (
    FAULT,
    NO_MOST,
    Flags,
    Longs,
)

FAR = 2**62  # beyond every tolerated excess


@dataclass(frozen=True)
class ShapeRow:
    op: int
    rule: Rule
    amount: int
    key: int = 0
    value: int = -1
    most: int = NO_MOST
    eligible: tuple[int, ...] = ()


@dataclass
class Builder:
    """Collects the terms of a problem's rules."""

    problem: Problem
    shape: list[list[ShapeRow]] = field(default_factory=list)
    meters: list[Meter] = field(default_factory=list)
    company: list[Rule] = field(default_factory=list)
    use: list[tuple[Rule, Longs]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.entries = len(self.problem.levels) + 2
        kinds, node_kinds = len(self.kind_class), len(self.node_kind_class)
        self.rest = np.zeros((kinds, node_kinds, self.entries), dtype=np.int64)
        self.arrive, self.left = np.zeros_like(self.rest), np.zeros_like(self.rest)
        self.gone = np.zeros((len(self.problem.floor), self.entries), dtype=np.int64)
        self.shape = [[] for _ in range(kinds)]

    # -- who is who

    @cached_property
    def nearness(self) -> list[Nearness]:
        return [rule.kind for rule in self.problem.rules if isinstance(rule.kind, Nearness)]

    @cached_property
    def _kinds(self) -> tuple[Longs, Longs]:
        """Shards that no term tells apart: first row of each kind, and the kind of each shard."""
        columns = [self.problem.requirements.classes.shards.of]
        columns += [homes(self.problem, kind).codes for kind in self.nearness]
        return _distinct_rows(columns)

    @cached_property
    def _node_kinds(self) -> tuple[Longs, Longs]:
        price = np.unique(self.problem.quantities.price, return_inverse=True)[1]
        columns = [self.problem.requirements.classes.nodes.of, price.reshape(-1)]
        for kind in self.nearness:
            columns += list(distances(self.problem, kind))
        return _distinct_rows(columns)

    @property
    def kind(self) -> Longs:
        return self._kinds[1]

    @property
    def kind_rows(self) -> Longs:
        return self._kinds[0]

    @property
    def node_kind(self) -> Longs:
        return self._node_kinds[1]

    @property
    def node_kind_rows(self) -> Longs:
        return self._node_kinds[0]

    @cached_property
    def kind_class(self) -> Longs:
        return self.problem.requirements.classes.shards.of[self.kind_rows].astype(np.int64)

    @cached_property
    def node_kind_class(self) -> Longs:
        return self.problem.requirements.classes.nodes.of[self.node_kind_rows].astype(np.int64)

    def speaks(self, rule: Rule) -> Flags:
        """Whether the rule governs the shards of each kind: shape (K,)."""
        governs: Flags = self.problem.requirements.speaks[rule.id][self.kind_class]
        return governs

    def admits(self, rule: Rule) -> Flags:
        """Whether the rule's test holds, for each kind of shards and of nodes: shape (K, J)."""
        table = self.problem.requirements.admits.get(rule.id)
        shape = (len(self.kind_class), len(self.node_kind_class))
        if table is None:
            return np.zeros(shape, dtype=bool)
        if table.ndim == 1:
            return np.broadcast_to(table[self.node_kind_class], shape)
        return table[np.ix_(self.kind_class, self.node_kind_class)]

    def in_state(self, *states: str) -> Flags:
        """Nodes in one of the states: shape (J,)."""
        state = self.problem.cluster.nodes.state
        found = np.array([value in states for value in state.values], dtype=bool)
        return found[state.codes[self.node_kind_rows]]

    # -- what it costs

    def level(self, rule: Rule) -> int:
        """The entry of a rule's level in a cost vector; that of faults where it has none."""
        return FAULT if rule.level is None else 1 + self.problem.levels.index(rule.level)

    @cached_property
    def fault_unit(self) -> int:
        """What a fault of one counts, beside overloads that are counted in units of their measure."""
        means = [self._mean(meter.measure) for meter in self.problem.meters[:1]]
        return max([1, *means])

    def _mean(self, measure: int) -> int:
        weights = np.abs(self.problem.measures[measure].weights)
        return int(weights.mean()) if len(weights) else 0

    def price(self, rule: Rule, factor: int = 1) -> int:
        """What a unit costs at the rule's level."""
        return 0 if rule.level is None else factor * rule.weight

    def fault(self, rule: Rule) -> int:
        """What a unit of a fault counts."""
        return self.fault_unit if rule.enforcement in ("required", "no_worse") else 0

    # -- terms

    def resting(self, rule: Rule, amount: Any) -> None:
        """A replica costs the amount wherever it is; under no_worse, an arriving one is a fault. (K, J)"""
        self.rest[:, :, self.level(rule)] += np.asarray(amount, dtype=np.int64) * self.price(rule)
        faults = self.arrive if rule.enforcement == "no_worse" else self.rest
        faults[:, :, FAULT] += np.asarray(amount, dtype=np.int64) * self.fault(rule)

    def arriving(self, rule: Rule, amount: Any) -> None:
        """A replica costs the amount where it is not settled. (K, J)"""
        self._in_both(self.arrive, rule, amount)

    def leaving(self, rule: Rule, amount: Any) -> None:
        """A settled replica that leaves costs the amount. (K, J)"""
        self._in_both(self.left, rule, amount)

    def _in_both(self, table: Longs, rule: Rule, amount: Any) -> None:
        table[:, :, self.level(rule)] += np.asarray(amount, dtype=np.int64) * self.price(rule)
        table[:, :, FAULT] += np.asarray(amount, dtype=np.int64) * self.fault(rule)

    def in_use(self, rule: Rule, price: Longs) -> None:
        """An admitted node costs its price as soon as it holds a governed replica. (N,)"""
        admits = self.problem.requirements.admits.get(rule.id)
        if admits is not None:
            admitted = admits[self.problem.requirements.classes.nodes.of]
            self.use.append((rule, np.where(admitted, price, 0) * self.price(rule)))

    def meters_of(self, rule: Rule) -> list[Meter]:
        """The limits that a rule sets on sums."""
        return self._meters_by_rule.get(rule.id, [])

    @cached_property
    def _meters_by_rule(self) -> dict[int, list[Meter]]:
        found: dict[int, list[Meter]] = {}
        for meter in self.problem.meters:
            found.setdefault(meter.rule, []).append(meter)
        return found

    def row(self, kind: int, row: ShapeRow) -> None:
        """A limit on the replicas of each shard of a kind."""
        self.shape[kind].append(row)

    def key(self, name: str) -> int:
        """The number of a label key; 0 is the node itself."""
        return self.keys.index(name)

    @cached_property
    def keys(self) -> list[str]:
        named = {key for rule in self.problem.rules for key in node_keys(rule)}
        return [NODE, *sorted(named - {NODE})]

    @cached_property
    def label(self) -> Longs:
        """The value of each node under each key, -1 for none: shape (keys, N)."""
        nodes = self.problem.cluster.nodes
        none = np.full(len(nodes.ids), -1, dtype=np.int32)
        rows = [np.arange(len(nodes.ids), dtype=np.int32)]
        rows += [
            nodes.labels[key].codes.astype(np.int64) if key in nodes.labels else none for key in self.keys[1:]
        ]
        return np.array(rows, dtype=np.int64).reshape(len(self.keys), -1)

    def value(self, key: str, value: str) -> int:
        """The number of a label value; -2 if no node carries it."""
        nodes = self.problem.cluster.nodes
        known = nodes.ids if key == NODE else nodes.labels[key].values if key in nodes.labels else ()
        return known.index(value) if value in known else -2


def targets_of(rule: Rule) -> Targets:
    assert isinstance(rule.kind, (Apart, Together))
    return rule.kind.targets


def _distinct_rows(columns: list[Any]) -> tuple[Longs, Longs]:
    """The first row of each distinct combination, and each row's combination."""
    table = np.array(columns, dtype=np.int64).T
    if not len(table):
        return np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64)
    combined = np.zeros(len(table), dtype=np.int64)
    for column in table.T:
        codes = np.unique(column, return_inverse=True)[1].reshape(-1)
        combined = np.unique(combined * (int(codes.max()) + 1) + codes, return_inverse=True)[1].reshape(-1)
    _, first, inverse = np.unique(combined, return_index=True, return_inverse=True)
    return first.astype(np.int64), inverse.reshape(-1).astype(np.int64)
