"""The real logic, asked about a small cluster: which rules cannot hold together, and whether all can."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from shardwright.cluster.load import cluster_from
from shardwright.grammar.diagnostics import DiagnosticError
from shardwright.grammar.emit import emit
from shardwright.grammar.rules import Rule
from shardwright.policies.lower import built_in_rules, lower
from shardwright.policies.policy import Policy
from shardwright.solver.certify import ALL_UNITS
from shardwright.solver.facts import problem_facts
from shardwright.solver.logic import Ground, facts
from shardwright.solver.problem import Problem, build_problem
from shardwright.solver.shaping import with_shaping
from shardwright.solver.tasks import cores

Json = dict[str, Any]
Name = tuple[str, str]  # policy and pointer of a rule; a built-in has no pointer

PROGRAMS = ("placement", "choose", "enforce", "heuristic", "show")
# A witness is small by construction; whatever passes this is no witness.
MOST_RULES = 2_000_000


@dataclass(frozen=True)
class Verdict:
    """`core` is None where all rules can hold; else the rules of a minimal set that cannot."""

    core: tuple[Rule, ...] | None

    @property
    def holds(self) -> bool:
        return self.core is None

    @property
    def names(self) -> frozenset[Name]:
        return frozenset((rule.owner, rule.pointer) for rule in self.core or () if rule.policy is not None)


def problem_on(policies: Sequence[Policy], snapshot: Json) -> Problem:
    """The problem of some policies on a snapshot, all of them in force."""
    statements = lower(policies)
    return build_problem(built_in_rules(), statements, emit(statements), cluster_from(snapshot))


def verdict(
    policies: Sequence[Policy], snapshot: Json, rules: Sequence[Name] | None = None
) -> Verdict | None:
    """Whether some rules of policies (None: all that bind) and the built-in ones can hold on a snapshot.

    None where the snapshot cannot be used.
    """
    try:
        problem = problem_on(policies, snapshot)
    except DiagnosticError:
        return None
    wanted = None if rules is None else set(rules)
    bound = [rule for rule in problem.rules if rule.enforcement != "goal"]
    held = [r for r in bound if r.policy is None or wanted is None or (r.owner, r.pointer) in wanted]
    numbers = [rule.id for rule in held]
    texts = (*problem_facts(problem, with_shaping(problem, held)), *_guards(problem, numbers))
    found = _core(texts, tuple(numbers))
    return Verdict(None if found is None else tuple(problem.rules[number] for number in found))


@lru_cache(maxsize=1000)
def _core(texts: tuple[str, ...], numbers: tuple[int, ...]) -> tuple[int, ...] | None:
    """A minimal set of the rules that cannot hold. Many conflicts of one policy differ in names only."""
    ground = Ground(PROGRAMS, texts, (), MOST_RULES)
    found = list(cores(ground, lambda message: None, list(numbers)))[-1].body["core"]
    return None if found is None else tuple(found)


def _guards(problem: Problem, numbers: Sequence[int]) -> Sequence[str]:
    """Every rule is held to nothing at all while it is assumed."""
    return (
        facts("guarded", ((number,) for number in numbers)),
        facts("required", ((number,) for number in numbers)),
        facts("units", ((number, ALL_UNITS) for number in numbers)),
        facts("bound", enumerate(problem.requirements.ceiling.tolist())),
    )
