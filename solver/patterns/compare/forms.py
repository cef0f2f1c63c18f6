"""What rules say, without names, numbers and spelling: equal forms mean equal rules on every cluster."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from math import gcd

from shardwright.grammar.rules import (
    Allow,
    Apart,
    Balance,
    Capacity,
    Cost,
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
from shardwright.policies.lower import built_in_rules, lower
from shardwright.policies.policy import Policy
from shardwright.solver.patterns.applying import may_apply
from shardwright.solver.patterns.axes import Mask, Slot
from shardwright.solver.patterns.bounds import Reached
from shardwright.solver.patterns.boxes import ALL, NOTHING, Region, meet, within
from shardwright.solver.patterns.judge import REPLICAS
from shardwright.solver.patterns.needs import Need, Parts, parts_of
from shardwright.solver.patterns.space import Space, TooManyBoxes

Everything = Mapping[Slot, Mask]
SINGLE = (Allow, Leave, Replicas, Spread, Stay, Prefer)  # kinds that judge every shard by itself


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
    """One rule. `says`: its level, its weight, and all else but regions; `guard`: the shards.

    `looks`: the nodes or targets that it tests.
    `by_text`: its conditions are too complex for exact regions; `says` has their text, the regions are all.
    `counted`: they read how many replicas the shard has itself, not how many policies decide.
    `needs`: what it asks of the nodes of one shard, where regions tell that.
    """

    policy: Policy
    statement: Statement
    rule: Rule
    says: tuple[object, ...]
    guard: Region
    looks: Region
    by_text: bool = False
    counted: bool = False
    needs: tuple[Need, ...] = ()

    def is_of(self, other: Form) -> bool:
        """Are both the same rule of the same side, perhaps for other shards?"""
        return self.rule.id == other.rule.id and self.statement is other.statement

    @property
    def stated(self) -> Rule:
        """The rule as its policy states it, whatever that comes down to."""
        return next(rule for rule in self.statement.rules if rule.id == self.rule.id)

    @property
    def is_goal(self) -> bool:
        return self.rule.enforcement == "goal"

    @property
    def is_required(self) -> bool:
        return self.rule.enforcement == "required"

    @property
    def may_be_given_up(self) -> bool:
        """Is every placement that breaks the rule allowed, and does it allow and forbid no other?

        Of `no_worse` rules only some are. A count that yields still says how many replicas there have to be.
        """
        return self.rule.enforcement == "yielding" and self.replaces is None

    @property
    def replaces(self) -> object:
        """What a rule puts in the place of what holds without it; None if it only adds to that."""
        match self.rule.kind:
            case Replicas(key=None) as kind:
                # An exact count may give way to a more important one.
                return kind, kind.exact and (self.is_required, self.statement.priority)
            case Capacity(replaces_builtin=True, resources=resources):
                return (resources,)
        return None

    @property
    def is_single(self) -> bool:
        """Does the rule judge every shard by itself?"""
        return isinstance(self.rule.kind, SINGLE)

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
    exact = [form for side in (first, second) for form in side.forms if _is_exact(form)]
    return space, _with_ranks(first, exact), _with_ranks(second, exact)


def _is_exact(form: Form) -> bool:
    return isinstance(form.rule.kind, Replicas) and form.rule.kind.exact


def _with_ranks(side: Side, exact: Sequence[Form]) -> Side:
    """Which of several exact counts holds is for their priority to say, even if they are required."""

    def has_rivals(form: Form) -> bool:
        own = form.policy.name, form.rule.pointer
        return any(
            (one.policy.name, one.rule.pointer) != own and meet(one.guard, form.guard) for one in exact
        )

    forms = (
        replace(form, says=(*form.says, form.statement.priority))
        if _is_exact(form) and has_rivals(form)
        else form
        for form in side.forms
    )
    return replace(side, forms=tuple(forms))


def _side(space: Space, policies: Sequence[Policy], statements: Sequence[Statement]) -> Side:
    named = {policy.name: policy for policy in policies}
    parts = parts_of(space, policies, statements)
    needs = {part.rule.id: part.needs for part in parts.items}
    forms = [
        _form(space, needed(policy, named), statement, rule, needs.get(rule.id, ()))
        for policy, statement in zip(policies, statements, strict=True)
        for rule in statement.rules
    ]
    # A policy that governs nothing says nothing.
    said = tuple(form for form in forms if form.guard != NOTHING)
    return Side(tuple(policies), tuple(statements), parts, said)


def by_rank(side: Side) -> Side:
    """With priorities by their order alone, and weights as small as those of a level can be.

    Costs are compared in that order, whatever the numbers; and however many times all of a level count.
    """
    built_in = {rule.level for rule in built_in_rules()}
    levels = {form.rule.level for form in side.forms} | built_in
    ranks = {level: at for at, level in enumerate(sorted(level for level in levels if level is not None))}
    weights: dict[object, int] = {}
    for form in side.forms:
        weights[form.rule.level] = gcd(weights.get(form.rule.level, 0), _unit(form.rule))
    forms = (
        form
        if (level := form.rule.level) is None
        else replace(form, says=(ranks[level], _unit(form.rule) // max(1, weights[level]), *form.says[2:]))
        for form in side.forms
    )
    return replace(side, forms=tuple(forms))


def needed(policy: Policy, named: Mapping[str, Policy]) -> list[Policy]:
    """A policy and those without which it is not in force."""
    found = {policy.name: policy}
    waiting = [policy]
    while waiting:
        for name in waiting.pop().model.depends_on:
            if name not in found:
                found[name] = named[name]
                waiting.append(named[name])
    return list(found.values())


def _form(
    space: Space, standing: Sequence[Policy], statement: Statement, rule: Rule, needs: tuple[Need, ...]
) -> Form:
    """`standing`: its policy, and those without which it is not in force."""
    policy = standing[0]
    try:
        if not space.is_exact(_conditions(statement, rule)):
            raise TooManyBoxes
        guard = space.regions(statement.guards)
        for one in standing:
            guard = meet(guard, space.dates(one))
        looks = _looks(space, statement, rule)
    except TooManyBoxes:
        # Not compared by meaning: only the same text is the same.
        text = " and ".join(spell(test) for test in _conditions(statement, rule))
        more = (text, _dates(standing), statement.decides_count)
        return Form(policy, statement, rule, says(statement, rule, *more), ALL, ALL, by_text=True)
    # Whoever decides a count reads the shard's own in conditions, everybody else what is decided.
    counted = statement.decides_count and any(REPLICAS in box for box in (*guard, *looks))
    return Form(
        policy,
        statement,
        rule,
        says(statement, rule, counted),
        guard,
        looks,
        counted=counted,
        needs=needs,
    )


def _dates(policies: Sequence[Policy]) -> object:
    return tuple(sorted({repr((policy.model.valid_from, policy.model.valid_until)) for policy in policies}))


def _conditions(statement: Statement, rule: Rule) -> Iterator[Condition]:
    kind = rule.kind
    yield from (*statement.guards, *statement.tests_of(rule))
    for test in (getattr(kind, "test", None), getattr(getattr(kind, "targets", None), "test", None)):
        if test is not None:
            yield test


def says(statement: Statement, rule: Rule, *more: object) -> tuple[object, ...]:
    """Its level, how much it counts there, how it binds and what it asks for, without its conditions."""
    return (rule.level, _unit(rule) if rule.level is not None else 1, _asks(rule), *more)


def _unit(rule: Rule) -> int:
    """What one case of a rule costs."""
    return rule.weight * (abs(rule.kind.weight) if isinstance(rule.kind, Prefer) else 1)


def _asks(rule: Rule) -> object:
    binding = (rule.enforcement,)
    kind = rule.kind
    if isinstance(kind, (Apart, Together)):
        bare = replace(kind, targets=replace(kind.targets, test=None))
        return (*binding, bare, kind.targets.test is None)
    if isinstance(kind, Allow):
        return (*binding, kind.name, kind.arrivals)
    if isinstance(kind, Leave):
        return (*binding, kind.name)
    if isinstance(kind, Prefer):
        return (*binding, kind.name, kind.weight < 0)
    return (*binding, kind)


def _looks(space: Space, statement: Statement, rule: Rule) -> Region:
    match rule.kind:
        case Allow(test=test) | Prefer(test=test):
            return space.region(test)
        case Leave(test=test):
            return space.regions((*statement.tests_of(rule), *((test,) if test else ())))
        case Stay() | Capacity() | Balance() | Pack() | Cost():
            return space.regions(statement.tests_of(rule))
        case Apart(targets=targets) | Together(targets=targets):
            return ALL if targets.test is None else space.region(targets.test)
    return ALL
