"""Which rules cannot hold together: minimal sets, found by assuming rules one by one."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from shardwright.grammar.rules import Rule
from shardwright.solver.certify import ALL_UNITS, Judgement, What
from shardwright.solver.conflicts.part import raised
from shardwright.solver.facts import problem_facts
from shardwright.solver.logic import facts
from shardwright.solver.messages import Job
from shardwright.solver.outcome import Limits
from shardwright.solver.problem import Problem
from shardwright.solver.processes import Workers
from shardwright.solver.program import HOMING
from shardwright.solver.shaping import with_shaping

GUARD = ("placement", "choose", "enforce", "heuristic", "show")


@dataclass(frozen=True)
class Reasons:
    """Rules that gave something up, with those that kept them from giving up less.

    `cut` are those for which a limit came first, with the core so far, not proven minimal (None: none).
    """

    found: dict[int, list[int]]
    cut: dict[int, list[int] | None]


def reasons_for(
    problem: Problem,
    judgement: Judgement,
    limits: Limits,
    cut: Mapping[int, list[int] | None] = MappingProxyType({}),
) -> Reasons:
    """For each rule that gave something up, the rules that kept it from giving up less.

    Everything that is as important or more important is held to the amounts it has; that the rule itself
    comes out better is then impossible, and a minimal core of that impossibility names the reasons.
    `cut` is on record: those that were cut before, and are not looked for again.
    """
    reasons = Reasons({}, {})
    given_up: dict[int, int] = {}
    for broken in judgement.amounts:
        if problem.rules[broken.rule].enforcement in ("yielding", "no_worse"):
            given_up[broken.rule] = given_up.get(broken.rule, 0) + broken.amount
    for number in sorted(given_up):
        found, proven = cut.get(number), False
        late = limits.deadline is not None and time.monotonic() > limits.deadline
        if number not in cut and not late:
            found, proven = _reasons(problem, judgement, problem.rules[number], limits)
        if not proven:
            reasons.cut[number] = found
        if found is not None:
            reasons.found[number] = found
    return reasons


def _reasons(
    problem: Problem, judgement: Judgement, rule: Rule, limits: Limits
) -> tuple[list[int] | None, bool]:
    """The other rules of a core, none if the cluster alone is the reason, and whether it is proven minimal;
    None if time runs out before there is one.
    """
    held = [other for other in problem.rules if other.id == rule.id or _outranks(other, rule)]
    allowed = {
        (broken.rule, broken.what): broken.amount for broken in judgement.amounts if broken.rule != rule.id
    }
    core, proven = _core(raised(problem, allowed), held, allowed, {rule.id: 0}, limits)
    if core is None or not (core or proven):
        return None, proven
    return [other for other in core if other != rule.id], proven


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
) -> tuple[list[int] | None, bool]:
    """A core and whether it is proven minimal; None if all rules can hold together."""
    numbers = [rule.id for rule in rules]
    shaping = with_shaping(problem, rules)
    texts = (*problem_facts(problem, shaping), *_guards(problem, rules, tolerated, target))
    job = Job("cores", GUARD, texts, HOMING, limits.memory_limit_mb, limits.rule_limit, {"rules": numbers})
    core: list[int] = []
    with Workers() as group:
        group.start("cores", job)
        for _, message in group.messages(limits.deadline):
            if message.kind == "core":
                core = message.body["core"]
            elif message.kind == "done":
                return message.body["core"], True
            elif message.kind == "error":
                return core, False
    return core, False


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
