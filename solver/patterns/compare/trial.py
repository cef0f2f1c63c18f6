"""One placement on one small cluster, judged by the logic under two policy sets."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from shardwright.cluster.load import cluster_from
from shardwright.cluster.placement import load_placement
from shardwright.grammar.diagnostics import DiagnosticError
from shardwright.grammar.emit import emit
from shardwright.grammar.rules import Statement
from shardwright.policies.graph import in_force
from shardwright.policies.lower import built_in_rules, lower
from shardwright.policies.policy import Policy
from shardwright.solver.certify import Judgement, Pair, What, certify, is_fault, tolerance
from shardwright.solver.names import Names
from shardwright.solver.patterns.compare.silent import governing_nothing
from shardwright.solver.problem import LevelKey, Problem, build_problem, with_room
from shardwright.solver.words import sentence

Json = dict[str, Any]
Placing = Mapping[str, Sequence[str]]  # shard id -> node ids


@dataclass(frozen=True)
class Judged:
    """`admissible`: no required rule is broken. `kept`: no rule gives anything up either.

    `costs` are the levels by (block, priority); `words` say what is broken or given up.
    """

    admissible: bool
    kept: bool
    costs: dict[LevelKey, int]
    words: tuple[str, ...]

    @property
    def goals(self) -> tuple[int, ...]:
        """The costs in their order; placements are compared by it."""
        return tuple(self.costs[key] for key in sorted(self.costs))


class Court:
    """A policy set on one snapshot: judges placements."""

    def __init__(
        self, policies: Sequence[Policy], snapshot: Json, known: Iterable[Statement] | None = None
    ) -> None:
        """`known` are the statements of the policies, where they are lowered already."""
        self.cluster = cluster_from(snapshot)
        applied, _ = in_force(policies, self.cluster.taken_at)
        silent = governing_nothing(lower(applied) if known is None else known, self.cluster)
        statements = lower([policy for policy in applied if policy.name not in silent])
        self.problem: Problem = build_problem(built_in_rules(), statements, emit(statements), self.cluster)

    def judge(self, placing: Placing) -> Judged:
        """Raises DiagnosticError for names that the snapshot does not have."""
        given = load_placement({"placement": _replicas(placing)}, self.cluster)
        pairs: list[Pair] = list(zip(given.shard.tolist(), given.node.tolist(), strict=True))
        problem = with_room(self.problem, pairs)
        return _judged(problem, certify(problem, pairs, here=True, tolerated=self._tolerated))

    @cached_property
    def _tolerated(self) -> dict[tuple[int, What], int]:
        """What the snapshot's own placement has of no_worse rules, the same for all placements."""
        return tolerance(self.problem, here=True)


def _replicas(placing: Placing) -> dict[str, list[dict[str, str]]]:
    return {shard: [{"node": node} for node in nodes] for shard, nodes in placing.items()}


def _judged(problem: Problem, judgement: Judgement) -> Judged:
    names = Names(problem)
    faults = [broken for broken in judgement.amounts if is_fault(problem.rules[broken.rule], broken)]
    given_up = [
        broken
        for broken in judgement.amounts
        if problem.rules[broken.rule].enforcement in ("yielding", "no_worse")
    ]
    told = [
        f"`{problem.rules[broken.rule].owner}`: {sentence(problem.rules[broken.rule], broken, names)}"
        for broken in dict.fromkeys([*faults, *given_up])
    ]
    return Judged(not faults, not faults and not given_up, judgement.costs, tuple(told))


def court(
    policies: Sequence[Policy], snapshot: Json, known: Iterable[Statement] | None = None
) -> Court | None:
    """None where the snapshot cannot be used."""
    try:
        return Court(policies, snapshot, known)
    except DiagnosticError:
        return None
