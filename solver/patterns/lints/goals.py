"""Goals of one priority that pull apart: what one of them wants, the other pays for."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any

from shardwright.grammar.diagnostics import Diagnostic
from shardwright.grammar.rules import Balance, Cost, Kind, Nearness, Pack, Prefer, Rule, Statement
from shardwright.grammar.spell import spell
from shardwright.policies.policy import Policy
from shardwright.solver.patterns.boxes import Region, meet, within
from shardwright.solver.patterns.lints.say import remark
from shardwright.solver.patterns.needs import Parts
from shardwright.solver.patterns.space import Space, TooManyBoxes

CODE = "W2106"
MOST = 50


@dataclass(frozen=True)
class Goal:
    policy: Policy
    rule: Rule
    guard: Region


def pulling_apart(parts: Parts, goals: list[Goal], most: int = MOST) -> Iterator[Diagnostic]:
    """One warning for each pair, up to a number."""
    by_level: dict[object, list[Goal]] = {}
    for goal in goals:
        by_level.setdefault(goal.rule.level, []).append(goal)
    told = 0
    for level in sorted(by_level, key=repr):
        for first, second in combinations(by_level[level], 2):
            why = _apart(parts.space, first.rule.kind, second.rule.kind)
            if why is None or not meet(first.guard, second.guard):
                continue
            yield _told(first, second, why)
            told += 1
            if told >= most:
                return


def goals_of(parts: Parts, policies: Sequence[Policy], statements: Sequence[Statement]) -> list[Goal]:
    """The goals of all policies, in their order."""
    return [
        Goal(policy, rule, parts.guards[policy.name])
        for policy, statement in zip(policies, statements, strict=True)
        for rule in statement.rules
        if rule.kind.is_goal and parts.guards.get(policy.name)
    ]


def _apart(space: Space, first: Kind, second: Kind) -> str | None:
    for kinds, opposed in OPPOSED:
        for one, other in ((first, second), (second, first)):
            if isinstance(one, kinds[0]) and isinstance(other, kinds[1]):
                why = opposed(space, one, other)
                if why is not None:
                    return why
    return None


def _prefer(space: Space, one: Prefer, other: Prefer) -> str | None:
    try:
        mine, theirs = space.region(one.test), space.region(other.test)
    except TooManyBoxes:
        return None
    if one.weight > 0 and other.weight > 0 and not meet(mine, theirs):
        return f"no node is both `{spell(one.test)}` and `{spell(other.test)}`"
    if one.weight > 0 > other.weight and within(mine, theirs, space.everything):
        return f"nodes where `{spell(one.test)}` are liked by one and avoided by the other"
    return None


def _sources(space: Space, one: Nearness, other: Nearness) -> str | None:
    return None if one.source == other.source else "they want to be near different places"


def _always(words: str) -> Callable[[Space, Any, Any], str | None]:
    return lambda space, one, other: words


OPPOSED: tuple[tuple[tuple[type, type], Callable[[Space, Any, Any], str | None]], ...] = (
    ((Pack, Balance), _always("one fills few nodes, the other evens out all")),
    ((Cost, Balance), _always("one keeps to cheap nodes, the other evens out all")),
    ((Prefer, Prefer), _prefer),
    ((Nearness, Nearness), _sources),
)


def _told(first: Goal, second: Goal, why: str) -> Diagnostic:
    assert first.rule.level is not None
    names = sorted({first.policy.name, second.policy.name})
    who = " and ".join(f"`{name}`" for name in names) if len(names) > 1 else f"two goals of `{names[0]}`"
    return remark(
        CODE,
        "warning",
        f"{who} pull apart at priority {first.rule.level[1]}: {why}",
        [
            (first.policy, first.rule.pointer, "this goal"),
            (second.policy, second.rule.pointer, "against this one"),
        ],
        notes=["goals of one priority are added up; the weights decide between them"],
        helps=["give one of them another priority, or weights that say how much each is worth"],
        data={"kind": "goals"},
    )
