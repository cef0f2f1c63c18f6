"""What each rule needs of the nodes that hold a shard: the parts that conflicts are made of."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from shardwright.grammar.rules import Allow, Apart, Leave, Replicas, Rule, Spread, Statement, Together
from shardwright.policies.policy import Policy
from shardwright.solver.patterns.axes import Slot
from shardwright.solver.patterns.boxes import Region, join, meet
from shardwright.solver.patterns.space import Space, TooManyBoxes


@dataclass(frozen=True, slots=True)
class Nodes:
    """Every replica stands in the region."""

    region: Region


@dataclass(frozen=True, slots=True)
class Least:
    """At least so many replicas. `exact` counts give way to those of more important policies."""

    amount: int
    exact: bool = False


@dataclass(frozen=True, slots=True)
class Most:
    amount: int
    exact: bool = False


@dataclass(frozen=True, slots=True)
class Count:
    """A limit on the replicas at the values of an attribute of nodes.

    `limit`: "max", "min_values", "max_values", "max_skew", or "least" and "most" at one `atom`.
    """

    slot: Slot
    limit: str
    amount: int
    atom: int | None = None


Need = Nodes | Least | Most | Count


@dataclass(frozen=True)
class Part:
    """A rule with the shards that it governs and what it needs. Parts are numbered through."""

    number: int
    policy: Policy
    statement: Statement
    rule: Rule
    guard: Region
    needs: tuple[Need, ...]

    @property
    def required(self) -> bool:
        return self.rule.enforcement == "required"

    def need(self, kind: type) -> Need | None:
        return next((need for need in self.needs if isinstance(need, kind)), None)


@dataclass(frozen=True)
class Parts:
    """The parts of a policy set, in the order of its policies; `beyond` are rules that were too complex."""

    space: Space
    items: tuple[Part, ...]
    guards: dict[str, Region]
    beyond: tuple[tuple[Policy, str], ...]

    def of(self, policy: str) -> list[Part]:
        return self._by_policy.get(policy, [])

    @cached_property
    def _by_policy(self) -> dict[str, list[Part]]:
        found: dict[str, list[Part]] = {}
        for part in self.items:
            found.setdefault(part.policy.name, []).append(part)
        return found


def parts_of(space: Space, policies: Sequence[Policy], statements: Sequence[Statement]) -> Parts:
    """Every binding rule as a part."""
    items: list[Part] = []
    same: dict[object, Region] = {}
    guards: dict[str, Region] = {}
    beyond: list[tuple[Policy, str]] = []
    for policy, statement in zip(policies, statements, strict=True):
        try:
            guard = _one(meet(space.regions(statement.guards), space.dates(policy)), same)
        except TooManyBoxes:
            beyond.append((policy, "/conditions"))
            continue
        guards[policy.name] = guard
        for rule in statement.rules:
            if rule.enforcement == "goal":
                continue
            try:
                needs = tuple(_interned(need, same) for need in _needs(space, statement, rule))
            except TooManyBoxes:
                beyond.append((policy, rule.pointer))
                continue
            if needs or isinstance(rule.kind, (Apart, Together)):
                items.append(Part(len(items), policy, statement, rule, guard, needs))
    return Parts(space, tuple(items), guards, tuple(beyond))


def _needs(space: Space, statement: Statement, rule: Rule) -> Iterator[Need]:
    match rule.kind:
        case Allow(test=test):
            yield Nodes(space.region(test))
        case Leave(test=test):
            tests = (*statement.tests_of(rule), *((test,) if test else ()))
            yield Nodes(join(space.region(one, negated=True) for one in tests))
        case Replicas(key=None, least=least, most=most, exact=exact):
            if least is not None:
                yield Least(least, exact)
            if most is not None:
                yield Most(most, exact)
        case Replicas(key=str(key), value=str(value), least=least, most=most):
            slot = space.key_slot(key)
            atom = space.axes[slot].atom_of(value)
            if least:
                yield Count(slot, "least", least, atom)
            if most is not None:
                yield Count(slot, "most", most, atom)
        case Spread(by=by, limit=limit, amount=amount):
            yield Count(space.key_slot(by), limit, amount)


def _interned(need: Need, same: dict[object, Region]) -> Need:
    return Nodes(_one(need.region, same)) if isinstance(need, Nodes) else need


def _one(region: Region, same: dict[object, Region]) -> Region:
    """Equal regions as one object."""
    return same.setdefault(tuple(tuple(sorted(box.items())) for box in region), region)
