"""Whether it is seen at once that the binding rules cannot all hold: by adding up, or on single shards."""

from __future__ import annotations

from shardwright.solver.conflicts import caps
from shardwright.solver.conflicts.arithmetic.see import Arithmetic
from shardwright.solver.conflicts.find import find, seen_alone
from shardwright.solver.conflicts.question import Question, question_of
from shardwright.solver.outcome import Limits
from shardwright.solver.problem import Problem
from shardwright.solver.processes import WorkerFailed


def cannot_hold(problem: Problem, limits: Limits) -> bool:
    """True: no placement keeps all of them. False says nothing.

    What today's placement has of a fault is tolerated; it is asked for only where there would be one. Single
    shards are looked at where the whole is too much to be looked at.
    """
    binding = tuple(rule for rule in problem.rules if rule.enforcement in ("required", "no_worse"))
    if _added_up(Question(problem, {}, binding)) and _added_up(question_of(problem, limits)):
        return True
    pairs = len(problem.cluster.shards.ids) * len(problem.cluster.nodes.ids)
    return pairs > caps.MAX_EASY and seen_alone(question_of(problem, limits), limits)


def any_conflict(problem: Problem, limits: Limits) -> bool:
    """Whether some rules are seen not to hold together, as far as the caps on looking for conflicts allow."""
    try:
        return bool(find(question_of(problem, limits), limits).sets)
    except WorkerFailed as failed:
        if failed.setting is None:
            raise
        return False


def _added_up(question: Question) -> bool:
    return Arithmetic(question).see([rule.id for rule in question.rules]) is not None
