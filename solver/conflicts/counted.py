"""Whether counting and adding up show at once that the binding rules cannot all hold."""

from __future__ import annotations

from shardwright.solver.conflicts.arithmetic import Arithmetic
from shardwright.solver.conflicts.question import Question, question_of
from shardwright.solver.exact import Limits
from shardwright.solver.problem import Problem


def cannot_hold(problem: Problem, limits: Limits) -> bool:
    """True: no placement keeps all of them. False says nothing.

    What today's placement has of a fault is tolerated; it is asked for only where there would be one.
    """
    binding = tuple(rule for rule in problem.rules if rule.enforcement in ("required", "no_worse"))
    return _seen(Question(problem, {}, binding)) and _seen(question_of(problem, limits))


def _seen(question: Question) -> bool:
    return Arithmetic(question).see([rule.id for rule in question.rules]) is not None
