"""Lower bounds level by level.

The bound of a level holds for every placement whose more important levels cost no more than they are known
to: so a placement that meets the bound at every level is optimal.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from shardwright.grammar.rules import FewestMoves, Pack, Rule
from shardwright.solver.bounds.apart import cheapest_apart
from shardwright.solver.bounds.assignment import cheapest_places
from shardwright.solver.bounds.cover import Longs
from shardwright.solver.bounds.limits import binding, kept
from shardwright.solver.bounds.pack import fewest_nodes
from shardwright.solver.bounds.pinned import must_leave, room_left
from shardwright.solver.bounds.removals import removals
from shardwright.solver.bounds.totals import overload
from shardwright.solver.problem import LevelKey, Problem


@dataclass(frozen=True)
class Proof:
    """Why a level costs at least `least`: `by` names the argument, `data` has its numbers.

    The parts of a level's cost that two proofs speak of are never the same, so they add up.
    """

    level: LevelKey
    by: str
    least: int
    data: Any


def lower_bounds(problem: Problem, costs: Sequence[int], *, counting: bool = False) -> dict[LevelKey, int]:
    """A lower bound for each level about which something is known; `costs` are the levels' known costs.

    With `counting`, only what takes no linear programming.
    """
    bounds: defaultdict[LevelKey, int] = defaultdict(int)
    for proof in prove(problem, costs, counting=counting):
        bounds[proof.level] += proof.least
    return dict(bounds)


def ideal(problem: Problem, *, counting: bool = False) -> dict[LevelKey, int]:
    """What no placement goes below, level after level: each bound holds where all before it are met."""
    known: dict[LevelKey, int] = {}
    for level in problem.levels:
        known[level] = sum(proof.least for proof in _proofs(problem, level, known, counting))
    return known


def best_bound(problem: Problem, by_strategy: Sequence[int], costs: Sequence[int]) -> tuple[int, ...]:
    """Level by level what is proven by the strategy or by counting; `costs` are those of its placement.

    The strategy's bound of a level says something only if all levels before have met theirs.
    """
    if tuple(by_strategy) == tuple(costs):
        return tuple(costs)
    counted = lower_bounds(problem, costs)
    found: list[int] = []
    for at, (level, cost) in enumerate(zip(problem.levels, costs, strict=True)):
        is_next = found == list(costs[:at])
        proven = by_strategy[at] if is_next and at < len(by_strategy) else 0
        found.append(min(cost, max(proven, counted.get(level, 0))))
    return tuple(found)


def prove(problem: Problem, costs: Sequence[int], *, counting: bool = False) -> list[Proof]:
    """What can be said about each level, with the reason."""
    known = dict(zip(problem.levels, costs, strict=True))
    proofs: list[Proof] = []
    for level in problem.levels:
        proofs += _proofs(problem, level, known, counting)
    return [proof for proof in proofs if proof.least > 0]


def _proofs(problem: Problem, level: LevelKey, known: dict[LevelKey, int], counting: bool) -> list[Proof]:
    """`known` has the levels before, at least."""
    return _remembered(problem, level, known, binding(problem, known, level).limit, counting)


def _remembered(
    problem: Problem, level: LevelKey, known: dict[LevelKey, int], limit: Longs, counting: bool
) -> list[Proof]:
    """Proofs depend on which limits bind and what the levels before cost: mostly the same twice."""
    before = tuple(known[key] for key in problem.levels if key < level)
    key = (level, before, limit.tobytes(), counting)
    if key not in problem.proofs:
        problem.proofs[key] = list(_of_level(problem, level, known, limit, counting))
    found: list[Proof] = problem.proofs[key]
    return found


def _of_level(
    problem: Problem, level: LevelKey, known: dict[LevelKey, int], limit: Longs, counting: bool
) -> Iterator[Proof]:
    for rule in problem.rules:
        if rule.level == level:
            yield from _of_rule(problem, rule, known, limit)
    apart, groups = cheapest_apart(problem, level, known)
    found = cheapest_places(problem, level, known, limit, counting=counting)
    if found is not None and found[0] >= apart:
        least, transport, prices = found
        yield Proof(level, "cheapest places", least, (transport, prices))
    else:
        yield Proof(level, "cheapest places apart", apart, groups)


def _of_rule(problem: Problem, rule: Rule, known: dict[LevelKey, int], limit: Longs) -> Iterator[Proof]:
    assert rule.level is not None
    match rule.kind:
        case FewestMoves(unit="moves") if problem.requirements.speaks[rule.id].all():
            way = tuple(must_leave(problem, kept(problem, known, rule.level)))
            found = removals(problem, known, rule.level, room_left(problem, limit), way)
            yield Proof(rule.level, "removals", rule.weight * found.count, found)
        case Pack():
            count, by = fewest_nodes(problem, rule, limit)
            yield Proof(rule.level, "fewest nodes", rule.weight * count, by)
    least, shown = overload(problem, rule)
    if least:
        yield Proof(rule.level, "overload", least, shown)
