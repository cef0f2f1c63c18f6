"""What is asked: the rules that no admissible placement breaks, with room for what is tolerated today."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from shardwright.grammar.rules import Rule
from shardwright.solver.certify import ALL_UNITS
from shardwright.solver.conflicts.part import Part, Tolerated, narrowed, raised
from shardwright.solver.conflicts.tolerated import tolerated_of
from shardwright.solver.facts import problem_facts
from shardwright.solver.logic import facts
from shardwright.solver.outcome import Limits
from shardwright.solver.problem import Problem
from shardwright.solver.shaping import with_shaping


@dataclass(frozen=True)
class Question:
    """`problem` has its limits raised by what is tolerated of them; `rules` are those that bind."""

    problem: Problem
    tolerated: Tolerated
    rules: tuple[Rule, ...]


def question_of(problem: Problem, limits: Limits) -> Question:
    """The question whether the required and no_worse rules of a problem can all hold."""
    tolerated = tolerated_of(problem, limits)
    binding = tuple(rule for rule in problem.rules if rule.enforcement in ("required", "no_worse"))
    return Question(raised(problem, tolerated), tolerated, binding)


def question_facts(question: Question, part: Part) -> Iterator[str]:
    """A part as facts, in which every rule binds while it is assumed."""
    rules = question.rules
    yield from problem_facts(part.problem, with_shaping(question.problem, rules))
    yield facts("guarded", ((rule.id,) for rule in rules))
    yield facts("required", ((rule.id,) for rule in rules if rule.enforcement == "required"))
    yield facts("no_worse", ((rule.id,) for rule in rules if rule.enforcement == "no_worse"))
    yield facts("units", ((rule.id, ALL_UNITS) for rule in rules))
    yield facts("bound", enumerate(part.problem.requirements.ceiling.tolist()))
    for (rule, (name, arguments)), amount in sorted(
        narrowed(question.tolerated, question.problem, part).items()
    ):
        yield f"tolerated({rule},{name}({','.join(map(str, arguments))}),{amount}).\n"
