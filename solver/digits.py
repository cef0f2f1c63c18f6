"""Excesses in binary: how the exact program writes numbers that only a certificate may add up.

Each limit that may be passed gets digits worth 1, 2, 4, ... up to what its rule leaves room for. Their
costs, added up over a level, must stay below 2^31; where they would not, the level is counted in coarser
units, rounded up, and its optimum is then a bound, not a proof.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np

from shardwright.grammar.rules import Rule
from shardwright.solver.amounts import most_terms, single_amounts
from shardwright.solver.certify import What
from shardwright.solver.logic import facts
from shardwright.solver.meters import Meter
from shardwright.solver.problem import LevelKey, Problem

LEVEL_LIMIT = 2**31 - 1


@dataclass(frozen=True)
class Digit:
    meter: Meter
    index: int
    size: int
    level: LevelKey
    cost: int


@dataclass(frozen=True)
class Digits:
    """The digits of a program, its levels in clingo's numbering, and the unit each level is counted in."""

    problem: Problem
    digits: tuple[Digit, ...]
    tolerated: dict[tuple[int, What], int]
    levels: tuple[LevelKey, ...]
    unit: dict[LevelKey, int]
    slack: dict[LevelKey, int]  # how much rounding may have added to a level, in its units
    relaxed: frozenset[int]
    strict: bool

    def binds(self, rule: Rule) -> bool:
        """Whether no amount of the rule is allowed: it is required, or nothing at all may be given up."""
        if rule.id in self.relaxed:
            return False
        return rule.enforcement == "required" or (
            self.strict and rule.enforcement in ("yielding", "no_worse")
        )

    @property
    def level_count(self) -> int:
        return len(self.levels)

    @property
    def exact(self) -> bool:
        """Whether every level is counted in whole ones."""
        return all(unit == 1 for unit in self.unit.values())

    def number(self, level: LevelKey) -> int:
        """Clingo's number of a level: the greatest comes first."""
        return len(self.levels) - self.levels.index(level)

    def facts(self) -> Iterator[str]:
        yield facts("bit", ((*_head(d), d.size) for d in self.digits))
        yield facts(
            "bit_cost",
            ((*_head(d), self.number(d.level), -(-d.cost // self.unit[d.level])) for d in self.digits),
        )
        metered = {meter.rule for meter in self.problem.meters}
        for rule in self.problem.rules:
            level = RELAXED_LEVEL if rule.id in self.relaxed else rule.level
            if level is not None and rule.id not in metered:
                at, unit = self.number(level), self.unit[level]
                amounts = single_amounts(self.problem, rule)
                yield facts("cost_at", ((rule.id, at, one, -(-one * rule.weight // unit)) for one in amounts))
        if NEAR_LEVEL in self.levels:
            at = self.number(NEAR_LEVEL)
            yield facts("near", ((shard, node, at) for shard, node in self.problem.near))
        for (rule_id, (name, arguments)), amount in sorted(self.tolerated.items()):
            if name != "site":
                yield f"tolerated({rule_id},{name}({','.join(map(str, arguments))}),{amount}).\n"

    def bounds(self, lower: tuple[int, ...]) -> tuple[int, ...]:
        """Lower bounds in the unit of the levels' costs, from lower bounds in the program's.

        Behind a level that is counted coarsely nothing is known.
        """
        result = [0] * len(self.levels)
        present = self._in_program(lower)
        for at, level in enumerate(self.levels):
            result[at] = max(0, self.unit[level] * (present.get(level, 0) - self.slack[level]))
            if self.unit[level] > 1:
                break
        own = (RELAXED_LEVEL, NEAR_LEVEL)
        return tuple(bound for level, bound in zip(self.levels, result, strict=True) if level not in own)

    def in_program(self, bounds: dict[LevelKey, int]) -> tuple[int, ...]:
        """Lower bounds of the levels as the program counts them."""
        found = [bounds.get(level, 0) // self.unit[level] for level in self.levels]
        return tuple(found)

    def _in_program(self, lower: tuple[int, ...]) -> dict[LevelKey, int]:
        return dict(zip(self.levels, lower, strict=False))


# Levels of the exact program alone: before all of the problem's, and behind them.
RELAXED_LEVEL: LevelKey = (0, 0)
NEAR_LEVEL: LevelKey = (9, 0)


def _head(digit: Digit) -> tuple[int, int, int, int]:
    return digit.meter.rule, digit.meter.site.number, digit.meter.measure, digit.index


def digits_of(
    problem: Problem,
    tolerated: dict[tuple[int, What], int],
    relaxed: frozenset[int] = frozenset(),
    *,
    strict: bool = False,
) -> Digits:
    """The digits that a problem's limits need; none for rules if nothing may be given up (`strict`)."""
    digits: list[Digit] = []
    most = _Most(problem)
    for meter in problem.meters:
        rule = problem.rules[meter.rule]
        if rule.level is None or (strict and rule.enforcement != "goal"):
            continue
        digits += _digits(meter, rule, rule.level, _room(problem, meter, rule, tolerated, most))
    own = [*([RELAXED_LEVEL] if relaxed else []), *([NEAR_LEVEL] if problem.near else [])]
    levels = tuple(sorted({*problem.levels, *own}))
    unit, slack = _units(problem, levels, digits, relaxed)
    return Digits(problem, tuple(digits), tolerated, levels, unit, slack, relaxed, strict)


@dataclass(frozen=True)
class _Most:
    """The most that a measure can come to: on a site of so many nodes, all shards with all replicas."""

    problem: Problem
    known: dict[tuple[int, int], int] = field(default_factory=dict)

    def of(self, meter: Meter) -> int:
        key = meter.measure, len(meter.site.nodes)
        if key not in self.known:
            copies = np.minimum(np.maximum(self.problem.ceiling, 1).astype(np.int64), key[1])
            weights = self.problem.measures[meter.measure].weights
            self.known[key] = int(np.dot(np.maximum(weights, 0), copies))
        return self.known[key]


def _room(
    problem: Problem, meter: Meter, rule: Rule, tolerated: dict[tuple[int, What], int], most: _Most
) -> int:
    """The greatest excess that a limit may show."""
    if rule.enforcement == "no_worse":
        return tolerated.get((meter.rule, ("site", (meter.site.number, meter.measure))), 0)
    return max(0, most.of(meter) - meter.limit)


def _digits(meter: Meter, rule: Rule, level: LevelKey, room: int) -> Iterator[Digit]:
    """1, 2, 4, ... and a last one so that all of them together are worth exactly `room`."""
    index, left = 0, room
    while left > 0:
        size = min(2**index, left)
        yield Digit(meter, index, size, level, size * meter.factor * rule.weight)
        left -= size
        index += 1


def _units(
    problem: Problem, levels: tuple[LevelKey, ...], digits: list[Digit], relaxed: frozenset[int]
) -> tuple[dict[LevelKey, int], dict[LevelKey, int]]:
    total: defaultdict[LevelKey, int] = defaultdict(int)
    terms: defaultdict[LevelKey, int] = defaultdict(int)
    for digit in digits:
        total[digit.level] += digit.cost
        terms[digit.level] += 1
    metered = {meter.rule for meter in problem.meters}
    for rule in problem.rules:
        level = RELAXED_LEVEL if rule.id in relaxed else rule.level
        if level is not None and rule.id not in metered:
            total[level] += most_terms(problem, rule) * max(single_amounts(problem, rule)) * rule.weight
            terms[level] += most_terms(problem, rule)
    unit = {
        level: -(-total[level] * 2 // LEVEL_LIMIT) if total[level] > LEVEL_LIMIT else 1 for level in levels
    }
    slack = {level: terms[level] if unit[level] > 1 else 0 for level in levels}
    return unit, slack
