"""All minimal conflicts on a cluster are found and no others, each proven minimal."""

from __future__ import annotations

from shardwright.solver.conflicts.find import Findings, find
from shardwright.solver.conflicts.question import question_of
from shardwright.solver.outcome import Limits
from shardwright.solver.problem import Problem
from tests.reference.conflicts import Names, minimal_conflicts, placements
from tests.reference.world import world_of
from tests.solver.making import problem_of
from tests.strategies import random_case
from tests.truth.finding import SKIPPED, Finding, Made

MANY = 20_000  # more placements than this take the reference too long


def found(problem: Problem) -> Findings:
    return find(question_of(problem, Limits()), Limits())


def named(problem: Problem, findings: Findings) -> set[Names]:
    rules = problem.rules
    return {frozenset((rules[n].owner, rules[n].pointer) for n in one.rules) for one in findings.sets}


def look(seed: int, made: Made = random_case) -> Finding:
    policies, snapshot = made(seed)
    if placements(world_of(policies, snapshot)) > MANY:
        return SKIPPED
    problem = problem_of(policies, snapshot)
    findings = found(problem)
    said, expected = named(problem, findings), minimal_conflicts(policies, snapshot)
    wrong = [
        *(f"no minimal conflict: {sorted(one)}" for one in sorted(said - expected, key=sorted)),
        *(f"not found: {sorted(one)}" for one in sorted(expected - said, key=sorted)),
        *(f"not proven minimal: {one}" for one in findings.sets if not one.proven),
    ]
    if not findings.complete or findings.stopped_by:
        wrong.append(f"not complete: {findings.stopped_by}")
    return Finding({"minimal conflicts": len(expected)}, tuple(wrong))
