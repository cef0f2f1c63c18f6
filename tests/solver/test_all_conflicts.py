"""All minimal conflicts are found and no others: against a look at every placement.

SHARDWRIGHT_DIFFERENTIAL is the number of cases (default 300).
"""

from __future__ import annotations

import os
from dataclasses import replace
from typing import Any

import pytest

from shardwright.solver.conflicts import caps
from shardwright.solver.conflicts.find import Findings, find
from shardwright.solver.conflicts.question import question_of
from shardwright.solver.outcome import Limits
from shardwright.solver.problem import Problem
from tests.reference.conflicts import minimal_conflicts, placements
from tests.reference.world import world_of
from tests.solver.making import problem_of
from tests.strategies import random_case

Json = dict[str, Any]
CASES = int(os.environ.get("SHARDWRIGHT_DIFFERENTIAL", "300"))
MANY = 20_000  # more placements than this take the reference too long
# Cases with several conflicts, with skews that other rules shape, with limits over regions, with a count
# on a value that no node has.
TELLING = (1267, 281, 294, 356, 428, 697, 4134, 4288)


def found(problem: Problem) -> Findings:
    return find(question_of(problem, Limits()), Limits())


def named(problem: Problem, findings: Findings) -> set[frozenset[tuple[str, str]]]:
    rules = problem.rules
    return {frozenset((rules[n].owner, rules[n].pointer) for n in one.rules) for one in findings.sets}


@pytest.mark.parametrize("seed", [*TELLING, *range(CASES)])
def test_all_minimal_conflicts_are_found_and_no_others(seed: int) -> None:
    policies, snapshot = random_case(seed)
    if placements(world_of(policies, snapshot)) > MANY:
        return
    problem = problem_of(policies, snapshot)
    findings = found(problem)
    assert named(problem, findings) == minimal_conflicts(policies, snapshot)
    assert (findings.complete, findings.stopped_by) == (True, ())
    assert [one for one in findings.sets if not one.proven] == []


@pytest.mark.parametrize("seed", [*TELLING, 10, 11])
def test_placements_show_that_there_are_no_others(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """As where everything is too much for the logic: parts first, then certified placements of the whole."""
    policies, snapshot = random_case(seed)
    monkeypatch.setattr(caps, "MAX_EASY", 0)
    problem = problem_of(policies, snapshot)
    findings = found(problem)
    assert named(problem, findings) == minimal_conflicts(policies, snapshot)
    assert findings.complete
    monkeypatch.setattr(caps, "MAX_PAIRS", 0)
    parts = found(problem)
    assert named(problem, parts) <= minimal_conflicts(policies, snapshot)
    assert not parts.complete or named(problem, parts) == minimal_conflicts(policies, snapshot)


def test_what_is_minimal_among_some_shards_only_is_not_proven(monkeypatch: pytest.MonkeyPatch) -> None:
    """The cap comes before all shards are looked at; among all of them fewer rules are a conflict."""
    monkeypatch.setattr(caps, "MAX_CONFLICTS", 1)
    policies, snapshot = random_case(215)
    problem = problem_of(policies, snapshot)
    findings = found(problem)
    proven = replace(findings, sets=tuple(one for one in findings.sets if one.proven))
    assert not findings.complete
    assert named(problem, proven) <= minimal_conflicts(policies, snapshot)
    assert not named(problem, findings) <= minimal_conflicts(policies, snapshot)


def test_the_same_question_has_the_same_answer() -> None:
    policies, snapshot = random_case(281)
    first, second = (found(problem_of(documents, snapshot)) for documents in (policies, policies[::-1]))
    assert first == second
