"""Which rules cannot hold together: minimal sets, found by assuming rules one by one."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from dataclasses import replace

from shardwright.grammar.rules import Rule
from shardwright.solver.certify import ALL_UNITS, Judgement, What, tolerance
from shardwright.solver.exact import Limits
from shardwright.solver.facts import problem_facts
from shardwright.solver.logic import facts
from shardwright.solver.messages import Job
from shardwright.solver.meters import Meter
from shardwright.solver.problem import Problem
from shardwright.solver.processes import Workers

GUARD = ("placement", "choose", "enforce", "show")


def minimal_core(problem: Problem, limits: Limits) -> tuple[list[int], bool]:
    """A set of required and no_worse rules that cannot hold together, and whether it is proven minimal.

    Empty when time runs out before any is found, or when the facts alone leave no way.
    """
    rules = [rule for rule in problem.rules if rule.enforcement in ("required", "no_worse")]
    tolerated = tolerance(problem, limits.deadline, limits.memory_limit_mb)
    return _core(problem, rules, tolerated, {}, limits)


def reasons_for(problem: Problem, judgement: Judgement, limits: Limits) -> dict[int, list[int]]:
    """For each rule that gave something up, the rules that kept it from giving up less.

    Everything that is as important or more important is held to the amounts it has; that the rule itself
    comes out better is then impossible, and a minimal core of that impossibility names the reasons.
    """
    reasons = {}
    given_up: dict[int, int] = {}
    for broken in judgement.amounts:
        if problem.rules[broken.rule].enforcement in ("yielding", "no_worse"):
            given_up[broken.rule] = given_up.get(broken.rule, 0) + broken.amount
    for number in sorted(given_up):
        if limits.deadline is not None and time.monotonic() > limits.deadline:
            break
        reasons[number] = _reasons(problem, judgement, problem.rules[number], limits)
    return reasons


def _reasons(problem: Problem, judgement: Judgement, rule: Rule, limits: Limits) -> list[int]:
    held = [other for other in problem.rules if other.id == rule.id or _outranks(other, rule)]
    allowed = {
        (broken.rule, broken.what): broken.amount for broken in judgement.amounts if broken.rule != rule.id
    }
    core, _ = _core(problem, held, allowed, {rule.id: 0}, limits)
    return [other for other in core if other != rule.id]


def _outranks(other: Rule, rule: Rule) -> bool:
    """Whether a rule is at least as important: required, or at the same level or a higher one."""
    if other.level is None:
        return True
    assert rule.level is not None
    return other.enforcement != "goal" and other.level <= rule.level


def _core(
    problem: Problem,
    rules: Sequence[Rule],
    tolerated: dict[tuple[int, What], int],
    target: dict[int, int],
    limits: Limits,
) -> tuple[list[int], bool]:
    meters = tuple(_raised(meter, tolerated) for meter in problem.meters)
    lenient = replace(problem, meters=meters)
    numbers = [rule.id for rule in rules]
    texts = (*problem_facts(lenient, rules), *_guards(lenient, rules, tolerated, target))
    job = Job("cores", GUARD, texts, (), limits.memory_limit_mb, limits.rule_limit, {"rules": numbers})
    core: list[int] = []
    with Workers() as group:
        group.start("cores", job)
        for _, message in group.messages(limits.deadline):
            if message.kind == "core":
                core = message.body["core"]
            elif message.kind == "done":
                return message.body["core"] or [], True
            elif message.kind == "error":
                return core, False
    return core, False


def _raised(meter: Meter, tolerated: dict[tuple[int, What], int]) -> Meter:
    what = ("site", (meter.site.number, meter.measure))
    return replace(meter, limit=meter.limit + tolerated.get((meter.rule, what), 0))


def _guards(
    problem: Problem, rules: Sequence[Rule], tolerated: dict[tuple[int, What], int], target: dict[int, int]
) -> Iterator[str]:
    """Every rule binds while it is assumed: held to what is tolerated of it, the target to nothing at all."""
    yield facts("guarded", ((rule.id,) for rule in rules))
    strict = [rule.id for rule in rules if rule.enforcement == "required" or rule.id in target]
    yield facts("required", ((number,) for number in strict))
    yield facts("no_worse", ((rule.id,) for rule in rules if rule.id not in set(strict)))
    yield facts("units", ((rule.id, ALL_UNITS) for rule in rules))
    yield facts("bound", enumerate(problem.requirements.ceiling.tolist()))
    for (number, (name, arguments)), amount in sorted(tolerated.items()):
        if name != "site":
            yield f"tolerated({number},{name}({','.join(map(str, arguments))}),{amount}).\n"
