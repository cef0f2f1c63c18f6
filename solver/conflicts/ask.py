"""Whether the rules of a case can all hold: its conflicts, or that there are none."""

from __future__ import annotations

import time
from dataclasses import replace
from typing import TYPE_CHECKING

from shardwright.grammar.diagnostics import DiagnosticError
from shardwright.policies.checks.carried import unknown_names
from shardwright.policies.load import in_order
from shardwright.solver.conflicts.answer import Conflicts, conflicts_of
from shardwright.solver.conflicts.repairs.repair import with_repairs
from shardwright.solver.limit_reached import limit_reached
from shardwright.solver.problem import Problem
from shardwright.solver.processes import WorkerFailed
from shardwright.solver.proposal import propose
from shardwright.solver.request import Request, limits_of, solving_deadline
from shardwright.solver.strategy import choose

if TYPE_CHECKING:
    from shardwright.api import Case


def ask(case: Case, request: Request) -> Conflicts:
    """All minimal conflicts. Where the caps leave it open whether there is any, a placement is looked for:
    a certified one shows that there is none. Raises DiagnosticError when a limit leaves nothing to tell."""
    problem: Problem = case.problem
    try:
        found = conflicts_of(problem, case.policies, limits_of(problem, request, _share(request)))
        found = replace(found, lints=tuple(in_order(unknown_names(case.policies, case.cluster))))
        if found.conflicts:
            return with_repairs(case, found, limits_of(problem, request, request.deadline))
        if found.complete:
            return found
        limits = limits_of(problem, request, solving_deadline(problem, request))
        outcome, _ = propose(problem, request, limits, choose(problem, request.strategy))
    except WorkerFailed as failed:
        raise DiagnosticError([limit_reached(failed)], exit_code=6 if failed.setting else 1) from None
    return found if outcome.placement is None else Conflicts((), True, (), lints=found.lints)


def _share(request: Request) -> float | None:
    """Half of the time, so that there is as much for a placement."""
    if request.deadline is None:
        return None
    now = time.monotonic()
    return now + (request.deadline - now) / 2
