"""What rules say, without names, numbers and spelling: equal forms mean equal rules on every cluster."""

from __future__ import annotations

from collections import defaultdict
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
    Spread,
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
from shardwright.solver.patterns.boxes import ALL, NOTHING, Region, join, meet, within
from shardwright.solver.patterns.needs import Parts, parts_of
from shardwright.solver.patterns.sets import REPLICAS
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
    """One rule. `says`: all but regions; `guard`: the shards; `looks`: the nodes or targets it tests."""

    policy: Policy
    statement: Statement
    rule: Rule
    says: object
    guard: Region
    looks: Region

    @property
    def is_goal(self) -> bool:
        return self.rule.enforcement == "goal"

    def same(self, other: Form, everything: Everything) -> bool:
        """Do both say the same of the same shards?"""
        return self.says == other.says and all(
            _equal(mine, theirs, everything)
            for mine, theirs in ((self.guard, other.guard), (self.looks, other.looks))
        )


def _equal(first: Region, second: Region, everything: Everything) -> bool:
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
        guard = space.regions(statement.guards)
        for one in needed:
            guard = meet(guard, space.dates(one))
        looks = _looks(space, statement, rule.kind)
    except TooManyBoxes:
        # Not compared by meaning: only the same text is the same.
        text = " and ".join(spell(test) for test in _conditions(statement, rule.kind))
        return Form(policy, statement, rule, (_says(statement, rule), text, _dates(needed)), ALL, ALL)
    counted = statement.decides_count and any(REPLICAS in box for box in guard)
    return Form(policy, statement, rule, (_says(statement, rule), counted), guard, looks)


def _dates(policies: Sequence[Policy]) -> object:
    return sorted({repr((policy.model.valid_from, policy.model.valid_until)) for policy in policies})


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


def left_over(space: Space, old: Side, new: Side) -> tuple[list[Form], list[Form]]:
    """The rules of each side that have no equal on the other, not even when rules are put together.

    Rules that add nothing to a required one of their own side are left out first.
    """
    everything = space.everything
    first, second = _unpaired(_telling(old.forms, everything), _telling(new.forms, everything), everything)
    if any(_unpaired(gathered(first, everything), gathered(second, everything), everything)):
        return first, second
    return [], []


def _telling(forms: Sequence[Form], everything: Everything) -> list[Form]:
    kept = list(forms)
    for form in forms:
        others = [other for other in kept if other is not form and _is_required(other)]
        if any(implies(other, form, everything) for other in others):
            kept = [other for other in kept if other is not form]
    return kept


def implies(stronger: Form, form: Form, everything: Everything) -> bool:
    """Does a rule about single shards ask for as much as another, of all its shards, and bind as strongly?"""
    if form.is_goal or stronger.is_goal or (_is_required(form) and not _is_required(stronger)):
        return False
    asks = _asks(stronger.rule.kind, form.rule.kind)
    if asks is None or not asks or not within(form.guard, stronger.guard, everything):
        return False
    if isinstance(form.rule.kind, Allow):
        return within(stronger.looks, form.looks, everything)
    return not isinstance(form.rule.kind, Leave) or within(form.looks, stronger.looks, everything)


def _asks(stronger: Kind, kind: Kind) -> bool | None:
    """Whether one kind asks for as much as another, regions apart; None if they cannot be compared."""
    match stronger, kind:
        case Allow(arrivals=mine), Allow(arrivals=theirs):
            return theirs or not mine
        case Leave(), Leave():
            return True
        case Replicas(), Replicas() if not stronger.exact and not kind.exact:
            same = (stronger.key, stronger.value) == (kind.key, kind.value)
            return same and _least(stronger.least, kind.least) and _most(stronger.most, kind.most)
        case Spread(), Spread():
            if (stronger.by, stronger.limit) != (kind.by, kind.limit):
                return False
            more = kind.limit == "min_values"
            return stronger.amount >= kind.amount if more else stronger.amount <= kind.amount
    return None


def _least(stronger: int | None, least: int | None) -> bool:
    return least is None or (stronger is not None and stronger >= least)


def _most(stronger: int | None, most: int | None) -> bool:
    return most is None or (stronger is not None and stronger <= most)


def _unpaired(old: list[Form], new: list[Form], everything: Everything) -> tuple[list[Form], list[Form]]:
    waiting: dict[object, list[Form]] = defaultdict(list)
    for form in new:
        waiting[form.says].append(form)
    left = []
    for form in old:
        group = waiting[form.says]
        pair = next((other for other in group if form.same(other, everything)), None)
        if pair is None:
            left.append(form)
        else:
            group[:] = [other for other in group if other is not pair]
    rest = {id(form) for group in waiting.values() for form in group}
    return left, [form for form in new if id(form) in rest]


def gathered(forms: list[Form], everything: Everything) -> list[Form]:
    """Rules about single shards, put together where that says the same."""
    return _joined(_narrowed(forms, everything), everything)


def _narrowed(forms: list[Form], everything: Everything) -> list[Form]:
    """Required `allow` rules of the same shards are one rule: their nodes have to fulfil all of them."""
    found: list[Form] = []
    for form in forms:
        mate = (
            _mate(form, found, lambda a, b: _equal(a.guard, b.guard, everything))
            if (_is_required(form) and isinstance(form.rule.kind, Allow))
            else None
        )
        if mate is None:
            found.append(form)
        else:
            found[mate] = replace(found[mate], looks=meet(found[mate].looks, form.looks))
    return found


def _joined(forms: list[Form], everything: Everything) -> list[Form]:
    """The same rule for several kinds of shards is one rule for all of them (if none is counted twice)."""
    found: list[Form] = []
    for form in forms:
        mate = _mate(form, found, lambda a, b: _joinable(a, b, everything)) if _single(form) else None
        if mate is None:
            found.append(form)
        else:
            found[mate] = replace(found[mate], guard=join((found[mate].guard, form.guard)))
    return found


def _mate(form: Form, found: list[Form], alike: object) -> int | None:
    assert callable(alike)
    return next(
        (at for at, other in enumerate(found) if other.says == form.says and alike(other, form)), None
    )


def _joinable(first: Form, second: Form, everything: Everything) -> bool:
    apart = _is_required(first) or not meet(first.guard, second.guard)
    return apart and _equal(first.looks, second.looks, everything)


def _is_required(form: Form) -> bool:
    return form.rule.enforcement == "required"


def _single(form: Form) -> bool:
    """Does the rule judge every shard by itself?"""
    return isinstance(form.rule.kind, (Allow, Leave, Replicas, Spread, Stay, Prefer))
