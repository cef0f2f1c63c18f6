"""What rules say, without names, numbers and spelling: equal forms mean equal rules on every cluster."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from shardwright.grammar.rules import (
    Allow,
    Apart,
    Balance,
    Capacity,
    Cost,
    Kind,
    Leave,
    Pack,
    Prefer,
    Replicas,
    Rule,
    Statement,
    Stay,
    Together,
)
from shardwright.grammar.spell import spell
from shardwright.grammar.syntax import Condition
from shardwright.policies.lower import lower
from shardwright.policies.policy import Policy
from shardwright.solver.patterns.applying import may_apply
from shardwright.solver.patterns.axes import Mask, Slot
from shardwright.solver.patterns.bounds import Reached
from shardwright.solver.patterns.boxes import ALL, NOTHING, Region, meet, within
from shardwright.solver.patterns.judge import REPLICAS
from shardwright.solver.patterns.needs import Parts, parts_of
from shardwright.solver.patterns.space import Space, TooManyBoxes

Everything = Mapping[Slot, Mask]


@dataclass(frozen=True)
class Side:
    """The policies of one side of a comparison that may be in force, and what they say."""

    policies: tuple[Policy, ...]
    statements: tuple[Statement, ...]
    parts: Parts
    forms: tuple[Form, ...]

    def policy(self, name: str) -> Policy:
        return next(policy for policy in self.policies if policy.name == name)


@dataclass(frozen=True)
class Form:
    """One rule. `says`: all but regions; `guard`: the shards; `looks`: the nodes or targets it tests.

    `by_text`: its conditions are too complex for exact regions; `says` has their text, the regions are all.
    `counted`: they read how many replicas the shard has itself, not how many policies decide.
    """

    policy: Policy
    statement: Statement
    rule: Rule
    says: object
    guard: Region
    looks: Region
    by_text: bool = False
    counted: bool = False

    @property
    def is_goal(self) -> bool:
        return self.rule.enforcement == "goal"

    def same(self, other: Form, everything: Everything) -> bool:
        """Do both say the same of the same shards?"""
        return self.says == other.says and all(
            equal_regions(mine, theirs, everything)
            for mine, theirs in ((self.guard, other.guard), (self.looks, other.looks))
        )


def equal_regions(first: Region, second: Region, everything: Everything) -> bool:
    return first == second or (within(first, second, everything) and within(second, first, everything))


def sides_of(old: Iterable[Policy], new: Iterable[Policy], reached: Reached) -> tuple[Space, Side, Side]:
    """Both sides over one space, so that their regions can be compared."""
    given = [may_apply(old), may_apply(new)]
    lowered = [lower(policies) for policies in given]
    space = Space([*given[0], *given[1]], [*lowered[0], *lowered[1]], reached)
    first, second = (
        _side(space, policies, statements) for policies, statements in zip(given, lowered, strict=True)
    )
    return space, first, second


def _side(space: Space, policies: Sequence[Policy], statements: Sequence[Statement]) -> Side:
    named = {policy.name: policy for policy in policies}
    forms = [
        _form(space, _needed(policy, named), statement, rule)
        for policy, statement in zip(policies, statements, strict=True)
        for rule in statement.rules
    ]
    # A policy that governs nothing says nothing.
    said = tuple(form for form in forms if form.guard != NOTHING)
    return Side(tuple(policies), tuple(statements), parts_of(space, policies, statements), said)


def _needed(policy: Policy, named: Mapping[str, Policy]) -> list[Policy]:
    """A policy and those without which it is not in force."""
    found = {policy.name: policy}
    waiting = [policy]
    while waiting:
        for name in waiting.pop().model.depends_on:
            if name not in found:
                found[name] = named[name]
                waiting.append(named[name])
    return list(found.values())


def _form(space: Space, needed: Sequence[Policy], statement: Statement, rule: Rule) -> Form:
    policy = needed[0]
    try:
        if not space.is_exact(_conditions(statement, rule.kind)):
            raise TooManyBoxes
        guard = space.regions(statement.guards)
        for one in needed:
            guard = meet(guard, space.dates(one))
        looks = _looks(space, statement, rule.kind)
    except TooManyBoxes:
        # Not compared by meaning: only the same text is the same.
        text = " and ".join(spell(test) for test in _conditions(statement, rule.kind))
        says = (_says(statement, rule), text, _dates(needed), statement.decides_count)
        return Form(policy, statement, rule, says, ALL, ALL, by_text=True)
    # Whoever decides a count reads the shard's own in conditions, everybody else what is decided.
    counted = statement.decides_count and any(REPLICAS in box for box in (*guard, *looks))
    return Form(policy, statement, rule, (_says(statement, rule), counted), guard, looks, counted=counted)


def _dates(policies: Sequence[Policy]) -> object:
    return tuple(sorted({repr((policy.model.valid_from, policy.model.valid_until)) for policy in policies}))


def _conditions(statement: Statement, kind: Kind) -> Iterator[Condition]:
    yield from (*statement.guards, *statement.node_tests)
    for test in (getattr(kind, "test", None), getattr(getattr(kind, "targets", None), "test", None)):
        if test is not None:
            yield test


def _says(statement: Statement, rule: Rule) -> object:
    """How a rule binds and what it asks for, without its conditions."""
    binding = (rule.enforcement, rule.level, rule.weight if rule.level is not None else 1)
    kind = rule.kind
    if isinstance(kind, Replicas) and kind.exact:
        # An exact count may overrule others, even if it is required itself.
        return (*binding, kind, statement.priority)
    if isinstance(kind, (Apart, Together)):
        bare = replace(kind, targets=replace(kind.targets, test=None))
        return (*binding, bare, kind.targets.test is None)
    if isinstance(kind, Allow):
        return (*binding, kind.name, kind.arrivals)
    if isinstance(kind, Leave):
        return (*binding, kind.name)
    if isinstance(kind, Prefer):
        return (*binding, kind.name, kind.weight)
    return (*binding, kind)


def _looks(space: Space, statement: Statement, kind: Kind) -> Region:
    match kind:
        case Allow(test=test) | Prefer(test=test):
            return space.region(test)
        case Leave(test=test):
            return space.regions((*statement.node_tests, *((test,) if test else ())))
        case Stay() | Capacity() | Balance() | Pack() | Cost():
            return space.regions(statement.node_tests)
        case Apart(targets=targets) | Together(targets=targets):
            return ALL if targets.test is None else space.region(targets.test)
    return ALL
