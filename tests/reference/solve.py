"""The best placement of a small cluster, found by looking at all of them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations, product
from math import prod
from typing import Any

from tests.reference.book import Book, book_of
from tests.reference.cluster import Shard
from tests.reference.judge import judge_sets
from tests.reference.rule import Amounts, Level, Rule
from tests.reference.world import Placement, World, world_of

Json = dict[str, Any]
Costs = tuple[int, ...]


@dataclass(frozen=True)
class Best:
    """The least costs, in lexicographic order of the levels, and every placement that has them."""

    costs: dict[Level, int]
    placements: list[Placement]
    gave_up: list[dict[tuple[str, str], int]]


@dataclass(frozen=True)
class Option:
    """Nodes that one shard may have, and what they cost as far as the shard alone decides."""

    nodes: frozenset[str]
    costs: Costs


def solve(policies: list[Json], snapshot: Json) -> Best | None:
    """None: no placement is admissible."""
    book = book_of(world_of(policies, snapshot))
    best = least(Enumeration(book))
    if best is None:
        return None
    costs, placements = best
    gave_up = [judge_sets(book, placement).gave_up() for placement in placements]
    return Best(dict(zip(book.levels(), costs, strict=True)), placements, gave_up)


def least(enumeration: Enumeration) -> tuple[Costs, list[Placement]] | None:
    """The least costs and the placements that have them."""
    best: tuple[Costs, list[Placement]] | None = None
    for costs, placement in enumeration.admissible():
        if best is None or costs < best[0]:
            best = (costs, [placement])
        elif costs == best[0]:
            best[1].append(placement)
    return best


class Enumeration:
    """Every admissible placement with its costs. What one shard alone decides is measured once."""

    def __init__(self, book: Book) -> None:
        self.book = book
        self.levels = book.levels()
        settled = book.world.settled()
        self.today = {rule: rule.amounts(settled) for rule in book.rules if rule.enforcement == "no_worse"}
        self.joint_rules = [rule for rule in book.rules if rule.of_cluster is not None]
        self.joint_goals = [goal for goal in book.goals if goal.of_cluster is not None]

    def admissible(self) -> Iterator[tuple[Costs, Placement]]:
        shards = self.book.world.shards
        for chosen in product(*(self.options(shard) for shard in shards)):
            placement = {shard.id: option.nodes for shard, option in zip(shards, chosen, strict=True)}
            found = [(rule, rule.amounts(placement)) for rule in self.joint_rules]
            if not any(self.forbidden(rule, amounts) for rule, amounts in found):
                alone = [option.costs for option in chosen]
                yield self.added([*alone, self.joint_costs(found, placement)]), placement

    def options(self, shard: Shard) -> list[Option]:
        found = [self.option(shard, nodes) for nodes in choices(self.book.world, shard)]
        return [option for option in found if option is not None]

    def option(self, shard: Shard, nodes: frozenset[str]) -> Option | None:
        costs = dict.fromkeys(self.levels, 0)
        for rule in self.book.rules:
            if rule.of_shard is None or shard not in rule.shards:
                continue
            amounts = {what: n for what, n in rule.of_shard(shard, nodes).items() if n > 0}
            if self.forbidden(rule, amounts):
                return None
            self.charge(costs, rule, amounts)
        for goal in self.book.goals:
            if goal.of_shard is not None and shard in goal.shards:
                costs[goal.level] += goal.weight * goal.of_shard(shard, nodes)
        return Option(nodes, tuple(costs.values()))

    def forbidden(self, rule: Rule, amounts: Amounts) -> bool:
        if rule.enforcement == "no_worse":
            return any(amount > self.today[rule].get(what, 0) for what, amount in amounts.items())
        return rule.enforcement == "required" and bool(amounts)

    def charge(self, costs: dict[Level, int], rule: Rule, amounts: Amounts) -> None:
        if rule.enforcement != "required":
            costs[rule.level] += rule.weight * sum(amounts.values())

    def joint_costs(self, found: list[tuple[Rule, Amounts]], placement: Placement) -> Costs:
        costs = dict.fromkeys(self.levels, 0)
        for rule, amounts in found:
            self.charge(costs, rule, amounts)
        for goal in self.joint_goals:
            costs[goal.level] += goal.cost(placement)
        return tuple(costs.values())

    def added(self, parts: list[Costs]) -> Costs:
        return tuple(sum(column) for column in zip(*parts, strict=True))


def choices(world: World, shard: Shard) -> list[frozenset[str]]:
    """Every set of nodes with a number of replicas between floor and ceiling."""
    count = world.counts[shard.id]
    sizes = range(count.floor, count.ceiling + 1)
    return [frozenset(nodes) for size in sizes for nodes in combinations(world.cluster.nodes, size)]


def size_of(policies: list[Json], snapshot: Json) -> int:
    """How many placements `solve` would look at, before any is thrown out."""
    world = world_of(policies, snapshot)
    return prod(len(choices(world, shard)) for shard in world.shards)
