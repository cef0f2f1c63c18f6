"""Lower bounds level by level.

The bound of a level holds for every placement whose more important levels cost no more than they are known
to: so a placement that meets the bound at every level is optimal.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from shardwright.grammar.rules import FewestMoves, Pack, Rule
from shardwright.solver.bounds.limits import binding
from shardwright.solver.bounds.pack import fewest_nodes
from shardwright.solver.bounds.removals import removals
from shardwright.solver.problem import LevelKey, Problem


@dataclass(frozen=True)
class Proof:
    """Why a rule costs at least `least` at its level: `by` names the argument, `data` has its numbers."""

    rule: int
    by: str
    least: int
    data: dict[str, Any] = field(default_factory=dict)


def lower_bounds(problem: Problem, costs: Sequence[int]) -> dict[LevelKey, int]:
    """A lower bound for each level about which something is known; `costs` are the levels' known costs."""
    bounds: defaultdict[LevelKey, int] = defaultdict(int)
    for proof in prove(problem, costs):
        level = problem.rules[proof.rule].level
        assert level is not None
        bounds[level] += proof.least
    return dict(bounds)


def best_bound(problem: Problem, by_strategy: Sequence[int], costs: Sequence[int]) -> tuple[int, ...]:
    """Level by level what is proven by the strategy or by counting; `costs` are those of its placement.

    The strategy's bound of a level says something only if all levels before have met theirs.
    """
    counted = lower_bounds(problem, costs)
    found: list[int] = []
    for at, (level, cost) in enumerate(zip(problem.levels, costs, strict=True)):
        is_next = found == list(costs[:at])
        proven = by_strategy[at] if is_next and at < len(by_strategy) else 0
        found.append(min(cost, max(proven, counted.get(level, 0))))
    return tuple(found)


def prove(problem: Problem, costs: Sequence[int]) -> list[Proof]:
    """What can be said about each goal, with the reason."""
    known = dict(zip(problem.levels, costs, strict=True))
    proofs = []
    for rule in problem.rules:
        argument = ARGUMENTS.get(type(rule.kind))
        if argument is not None and rule.level is not None:
            proof = argument(problem, rule, known)
            if proof is not None and proof.least > 0:
                proofs.append(proof)
    return proofs


def _moves(problem: Problem, rule: Rule, costs: dict[LevelKey, int]) -> Proof | None:
    assert isinstance(rule.kind, FewestMoves)
    if rule.kind.unit != "moves" or not problem.requirements.speaks[rule.id].all() or rule.level is None:
        return None
    count, weights = removals(problem, binding(problem, costs, rule.level).limit)
    return Proof(rule.id, "removals", rule.weight * count, {"weights": weights})


def _pack(problem: Problem, rule: Rule, costs: dict[LevelKey, int]) -> Proof | None:
    assert rule.level is not None
    count, weights = fewest_nodes(problem, rule, binding(problem, costs, rule.level).limit)
    return Proof(rule.id, "fewest nodes", rule.weight * count, {"weights": weights})


ARGUMENTS: dict[type, Callable[[Problem, Rule, dict[LevelKey, int]], Proof | None]] = {
    FewestMoves: _moves,
    Pack: _pack,
}
