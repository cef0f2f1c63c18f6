"""Rules about numbers as linear limits: on a site, a measure (a sum over replicas) beyond a limit costs."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from fractions import Fraction
from math import floor, gcd

import numpy as np

from shardwright.cluster.cluster import Cluster
from shardwright.cluster.columns import BoolArray
from shardwright.grammar.rules import Balance, Capacity, Headroom, Rule
from shardwright.solver.quantities import TOTAL_LIMIT, LongArray, Quantities, divided, fitting
from shardwright.solver.requirements import Requirements
from shardwright.solver.sites import Site, Sites

FACTOR_RESOLUTION = 100


@dataclass(frozen=True)
class Measure:
    """What one replica of each shard adds: shape (shards,). `name` says what it is to a user."""

    number: int
    name: str
    weights: LongArray


@dataclass(frozen=True)
class Meter:
    """One limit of one rule: `measure` on `site` may reach `limit`; an excess costs `factor` for each unit.

    `scale` turns whole numbers back into the user's quantity.
    """

    rule: int
    site: Site
    measure: int
    limit: int
    factor: int
    scale: Fraction


@dataclass
class MeterBuilder:
    """Collects the meters of a problem, with the measures and sites that they share."""

    cluster: Cluster
    requirements: Requirements
    quantities: Quantities
    wanted: LongArray  # replicas that each shard should have, shape (shards,)
    sites: Sites
    measures: list[Measure] = field(default_factory=list)
    meters: list[Meter] = field(default_factory=list)
    known: dict[tuple[object, bytes], int] = field(default_factory=dict)

    def add(self, rule: Rule) -> None:
        """The meters of a rule, if it governs anything."""
        if rule.policy is not None and not self.requirements.speaks[rule.id].any():
            return
        match rule.kind:
            case Capacity(replicas=int()):
                self._replicas_per_node(rule, rule.kind)
            case Capacity():
                self._capacity(rule, rule.kind)
            case Balance(replicas=True):
                self._balance_replicas(rule)
            case Balance():
                self._balance(rule, rule.kind)
            case Headroom():
                self._headroom(rule, rule.kind)

    # -- measures

    def _governed(self, rule: Rule) -> BoolArray:
        governed: BoolArray = self.requirements.speaks[rule.id][self.requirements.classes.shards.of]
        return governed

    def measure(self, key: object, name: str, weights: LongArray, rows: BoolArray | None = None) -> int:
        """The number of a measure; equal ones are shared."""
        mask = b"" if rows is None or rows.all() else np.packbits(rows).tobytes()
        if (key, mask) not in self.known:
            self.known[key, mask] = len(self.measures)
            masked = weights if rows is None or not mask else np.where(rows, weights, 0)
            self.measures.append(Measure(len(self.measures), name, masked))
        return self.known[key, mask]

    def _resource(self, at: int, rows: BoolArray | None) -> int:
        return self.measure(("resource", at), self.cluster.resources[at], self.quantities.load[:, at], rows)

    def _ones(self, rows: BoolArray) -> int:
        return self.measure("replicas", "replicas", np.ones(len(rows), dtype=np.int64), rows)

    def _resources(self, names: tuple[str, ...] | None) -> Iterator[int]:
        for at, name in enumerate(self.cluster.resources):
            if names is None or name in names:
                yield at

    # -- sites

    def _nodes(self, rule: Rule, *, only_active: bool) -> BoolArray:
        state = self.cluster.nodes.state
        names = np.array(state.values)[state.codes] if len(state.codes) else np.empty(0, dtype=str)
        alive = names == "active" if only_active else names != "down"
        if rule.policy is None:
            return np.ones(len(alive), dtype=bool)
        admits = self.requirements.admits.get(
            rule.id, np.zeros(self.requirements.classes.nodes.size, dtype=bool)
        )
        result: BoolArray = alive & admits[self.requirements.classes.nodes.of]
        return result

    # -- kinds

    def _capacity(self, rule: Rule, kind: Capacity) -> None:
        rows = None if kind.everyone else self._governed(rule)
        for at in self._resources(kind.resources):
            if rule.policy is None and self._replaced(at):
                continue
            for site in self.sites.over(kind.over, self._nodes(rule, only_active=False)):
                limit = self._limit(kind, site, at)
                if limit is not None:
                    self._meter(rule, site, self._resource(at, rows), limit, 1, self.quantities.scale[at])

    def _limit(self, kind: Capacity, site: Site, at: int) -> int | None:
        if kind.safe:
            safe = self.quantities.safe[site.nodes, at]
            return None if (safe < 0).any() else added(safe)
        capacity = added(self.quantities.capacity[site.nodes, at])
        if kind.percent is None:
            return capacity
        share = Fraction(kind.percent) / 100
        return capacity * share.numerator // share.denominator

    def _replaced(self, at: int) -> bool:
        """Whether a policy that governs every shard has put its own rule in place of the built-in one."""
        name = self.cluster.resources[at]
        for rule in self.requirements.rules:
            kind = rule.kind
            if (
                isinstance(kind, Capacity)
                and kind.replaces_builtin
                and self.requirements.speaks[rule.id].all()
            ) and (kind.resources is None or name in kind.resources):
                return True
        return False

    def _replicas_per_node(self, rule: Rule, kind: Capacity) -> None:
        assert kind.replicas is not None
        measure = self._ones(self._governed(rule))
        for row in range(len(self.cluster.nodes.ids)):
            self._meter(rule, self.sites.node(row), measure, kind.replicas, 1, Fraction(1))

    def _balance_replicas(self, rule: Rule) -> None:
        rows = self._governed(rule)
        active = int(self._active().sum())
        if not active:
            return
        limit = -(-int(self.wanted[rows].sum()) // active)
        for site in self.sites.over("node", self._nodes(rule, only_active=True)):
            self._meter(rule, site, self._ones(rows), limit, 1, Fraction(1))

    def _active(self) -> BoolArray:
        state = self.cluster.nodes.state
        return np.array([state.values[code] == "active" for code in state.codes.tolist()], dtype=bool)

    def _balance(self, rule: Rule, kind: Balance) -> None:
        rows = self._governed(rule)
        resources = list(self._resources(kind.resources))
        sites = list(self.sites.over(kind.over, self._nodes(rule, only_active=True)))
        capacity = {
            (site.number, at): added(self.quantities.capacity[site.nodes, at])
            for site in sites
            for at in resources
        }
        factors = even_factors(capacity)
        for at in resources:
            mean = self._mean(rows, at) * (1 + Fraction(kind.tolerance) / 100)
            for site in sites:
                share = capacity[site.number, at] * mean
                limit = share.numerator // share.denominator
                factor = factors[site.number, at]
                self._meter(rule, site, self._resource(at, rows), limit, factor, self.quantities.scale[at])

    def _mean(self, rows: BoolArray, at: int) -> Fraction:
        total = int(np.dot(self.quantities.load[rows, at], self.wanted[rows]))
        capacity = added(self.quantities.capacity[self._active(), at])
        return Fraction(total, capacity) if capacity else Fraction(0)

    def _headroom(self, rule: Rule, kind: Headroom) -> None:
        if kind.of not in self.cluster.resources or kind.per not in self.cluster.resources:
            return
        of, per = self.cluster.resources.index(kind.of), self.cluster.resources.index(kind.per)
        ratio = Fraction(kind.target) * self.quantities.scale[of] / self.quantities.scale[per]
        p, q = ratio.numerator, ratio.denominator
        weights = _less(q, self.quantities.load[:, of], p, self.quantities.load[:, per])
        rows = np.flatnonzero(self._active()).tolist()
        free = _less(q, self.quantities.capacity[rows, of], p, self.quantities.capacity[rows, per])
        unit = fitting(weights, others=-min([0, *free]))  # a node holds one replica of a shard at most
        name = f"{kind.of} free for each free {kind.per}"
        measure = self.measure(("headroom", of, per, p, q), name, divided(weights, unit))
        scale = self.quantities.scale[of] * q / unit
        for row, limit in zip(rows, free, strict=True):
            self._meter(rule, self.sites.node(row), measure, limit // unit, kind.weight, scale)

    def _meter(self, rule: Rule, site: Site, measure: int, limit: int, factor: int, scale: Fraction) -> None:
        # A limit beyond every possible total is as good as that total: so it fits the logic's integers.
        within = min(limit, 2 * TOTAL_LIMIT)
        self.meters.append(Meter(rule.id, site, measure, within, factor, scale))


def added(numbers: LongArray) -> int:
    """The sum, however large."""
    return sum(numbers.tolist())


def _less(q: int, numbers: LongArray, p: int, others: LongArray) -> list[int]:
    """q times the numbers, less p times the others, however large."""
    return [q * one - p * other for one, other in zip(numbers.tolist(), others.tolist(), strict=True)]


def half_up(number: Fraction) -> int:
    """The nearest whole number, the greater one of two."""
    return floor(number + Fraction(1, 2))


def even_factors(capacity: dict[tuple[int, int], int]) -> dict[tuple[int, int], int]:
    """Weights that make an excess count as a share of its site's capacity; whole and as small as may be."""
    known = [amount for amount in capacity.values() if amount > 0]
    if not known:
        return dict.fromkeys(capacity, 1)
    most, least = max(known), min(known)
    factors = {
        key: max(1, half_up(Fraction(FACTOR_RESOLUTION * most, amount or least)))
        for key, amount in capacity.items()
    }
    divisor = gcd(*factors.values())
    return {key: factor // divisor for key, factor in factors.items()}
