"""The program of a problem, and the jobs of the workers that solve it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from shardwright.solver.certify import ALL_UNITS
from shardwright.solver.digits import Digits
from shardwright.solver.facts import problem_facts
from shardwright.solver.logic import facts
from shardwright.solver.messages import Job
from shardwright.solver.outcome import Limits
from shardwright.solver.problem import Problem

DECIDE = ("placement", "choose", "enforce", "minimize", "heuristic", "show")
HOMING = ("--heuristic=Domain",)
DESCEND = ("--opt-strategy=bb,lin", "--opt-heuristic=sign,model", "--restart-on-model", *HOMING)
ROAM = ("--seed=1", "--rand-freq=0.02", *DESCEND)  # goes on where `descend` has come to its limit
ASCEND = ("--opt-strategy=usc,oll,stratify", *HOMING)
CANONICAL_CONFLICTS = 20_000  # up to here `descend` says the same on every computer
LONGER = 2  # times as many conflicts for `ascend`: it is often a little late, and proves more than it costs


@dataclass(frozen=True)
class Program:
    problem: Problem
    digits: Digits
    limits: Limits

    @cached_property
    def texts(self) -> tuple[str, ...]:
        rules = self.problem.rules
        return (*problem_facts(self.problem, rules), *enforcement_facts(self.digits), *self.digits.facts())

    def job(self, options: tuple[str, ...], **arguments: Any) -> Job:
        limits = self.limits
        arguments = {"levels": self.digits.level_count, **arguments}
        return Job(
            "optimize", DECIDE, self.texts, options, limits.memory_limit_mb, limits.rule_limit, arguments
        )

    def contest(self, name: str, roam: tuple[int, ...] | None = None, conflicts: int | None = None) -> Job:
        """The job of a worker of the race; `roam` is the cost from which that one begins."""
        if name == "descend":
            return self.job(DESCEND, conflict_limit=conflicts or CANONICAL_CONFLICTS)
        if name == "ascend":
            return self.job(ASCEND, conflict_limit=conflicts and LONGER * conflicts)
        return self.job(ROAM, bound=roam and list(roam))


def enforcement_facts(digits: Digits) -> Iterator[str]:
    """How each rule binds, and how finely its amounts are told apart."""
    rules = digits.problem.rules
    required = {rule.id for rule in rules if digits.binds(rule)}
    yield facts("required", ((number,) for number in sorted(required)))
    bounded = [rule.id for rule in rules if rule.enforcement == "no_worse" and rule.id not in required]
    yield facts("no_worse", ((number,) for number in bounded))
    yield facts("units", ((rule.id, 1 if rule.id in required else ALL_UNITS) for rule in rules))
    yield facts("bound", enumerate(digits.problem.requirements.ceiling.tolist()))
