"""What is broken by a given placement, whether it may stand, and what it costs."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Any

from tests.reference.book import Book, book_of
from tests.reference.rule import Amounts, Level, Rule, What
from tests.reference.world import Placement, world_of

Json = dict[str, Any]


@dataclass(frozen=True)
class Broken:
    """A rule that does not hold for one What; `tolerated` is what the snapshot's own placement has."""

    policy: str
    rule: str
    kind: str
    what: What
    amount: int
    enforcement: str
    tolerated: int = 0

    @property
    def forbidden(self) -> bool:
        """Whether a placement with this may not stand."""
        worse = self.enforcement == "no_worse" and self.amount > self.tolerated
        return worse or self.enforcement == "required"


@dataclass(frozen=True)
class Judgement:
    broken: list[Broken]
    costs: dict[Level, int]

    @property
    def forbidden(self) -> list[Broken]:
        return [broken for broken in self.broken if broken.forbidden]

    @property
    def admissible(self) -> bool:
        return not self.forbidden

    def gave_up(self) -> dict[tuple[str, str], int]:
        """The total amount per (policy, rule) of yielding and no_worse rules."""
        total: Counter[tuple[str, str]] = Counter()
        for broken in self.broken:
            if broken.enforcement in ("yielding", "no_worse"):
                total[broken.policy, broken.rule] += broken.amount
        return dict(total)


def judge(policies: list[Json], snapshot: Json, placement: dict[str, list[str]]) -> Judgement:
    """`placement` gives every shard id a list of node ids."""
    book = book_of(world_of(policies, snapshot))
    sets = {shard: frozenset(nodes) for shard, nodes in placement.items()}
    judgement = judge_sets(book, sets)
    return Judgement(twice(placement) + judgement.broken, judgement.costs)


def twice(placement: dict[str, list[str]]) -> list[Broken]:
    """`one_per_node`: a node named more than once for a shard."""
    return [
        Broken("one_per_node", "", "one_per_node", (shard, node), times - 1, "required")
        for shard, nodes in placement.items()
        for node, times in Counter(nodes).items()
        if times > 1
    ]


def judge_sets(book: Book, placement: Placement) -> Judgement:
    found = [(rule, rule.amounts(placement)) for rule in book.rules]
    broken = [item for rule, amounts in found for item in breaks(book, rule, amounts)]
    costs = dict.fromkeys(book.levels(), 0)
    for rule, amounts in found:
        if rule.enforcement != "required":
            costs[rule.level] += rule.weight * sum(amounts.values())
    for goal in book.goals:
        costs[goal.level] += goal.cost(placement)
    return Judgement(broken, costs)


def breaks(book: Book, rule: Rule, amounts: Amounts) -> list[Broken]:
    today = rule.amounts(book.world.settled()) if rule.enforcement == "no_worse" and amounts else {}
    return [
        Broken(rule.policy, rule.pointer, rule.kind, what, amount, rule.enforcement, today.get(what, 0))
        for what, amount in amounts.items()
    ]
