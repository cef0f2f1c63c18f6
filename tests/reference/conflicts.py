"""All minimal sets of rules that cannot hold together, by looking at every placement."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import combinations, product
from math import comb, prod
from typing import Any

from tests.reference.book import Book, book_of
from tests.reference.judge import breaks
from tests.reference.rule import Rule
from tests.reference.world import World, world_of

Json = dict[str, Any]
Name = tuple[str, str]  # policy, pointer
Names = frozenset[Name]


def placements(world: World) -> int:
    """How many placements there are to look at."""
    nodes = len(world.cluster.nodes)
    return prod(
        sum(comb(nodes, size) for size in range(world.counts[shard.id].ceiling + 1)) for shard in world.shards
    )


def minimal_conflicts(policies: list[Json], snapshot: Json) -> set[Names]:
    """A set of rules holds if some placement, of no more replicas than are wanted, breaks none of them."""
    book = book_of(world_of(policies, snapshot))
    rules = [rule for rule in book.rules if rule.enforcement in ("required", "no_worse")]
    return hitting_sets(broken_sets(book, rules))


def broken_sets(book: Book, rules: list[Rule]) -> set[Names]:
    """The rules that each placement breaks, the least of these sets only."""
    world = book.world
    names = list(world.cluster.nodes)
    choices = [
        [
            frozenset(nodes)
            for size in range(world.counts[shard.id].ceiling + 1)
            for nodes in combinations(names, size)
        ]
        for shard in world.shards
    ]
    ids = [shard.id for shard in world.shards]
    alone = [rule for rule in rules if rule.of_shard is not None]
    joint = [rule for rule in rules if rule.of_shard is None]
    options = [
        least({(frozenset(broken_alone(book, alone, shard, nodes)), nodes) for nodes in some})
        for shard, some in zip(world.shards, choices, strict=True)
    ]
    found: set[Names] = set()
    for chosen in product(*options):
        placement = {name: nodes for name, (_, nodes) in zip(ids, chosen, strict=True)}
        broken = frozenset().union(*(names for names, _ in chosen))
        if any(other <= broken for other in found):
            continue
        broken |= {
            (rule.policy, rule.pointer) for rule in joint if fails(book, rule, rule.amounts(placement))
        }
        if not any(other <= broken for other in found):
            found = {other for other in found if not broken <= other} | {broken}
    return found


def least(options: Any) -> list[Any]:
    return sorted(options, key=lambda option: (len(option[0]), sorted(option[0]), sorted(option[1])))


def broken_alone(book: Book, rules: list[Rule], shard: Any, nodes: frozenset[str]) -> Iterable[Name]:
    for rule in rules:
        if shard in rule.shards:
            amounts = {what: n for what, n in rule.of_shard(shard, nodes).items() if n > 0}  # type: ignore[misc]
            if fails(book, rule, amounts):
                yield rule.policy, rule.pointer


def fails(book: Book, rule: Rule, amounts: Any) -> bool:
    return any(item.forbidden for item in breaks(book, rule, amounts))


def hitting_sets(broken: set[Names]) -> set[Names]:
    """The minimal sets that share a rule with every one of these (Berge)."""
    found: set[Names] = {frozenset()}
    for names in sorted(broken, key=lambda names: (len(names), sorted(names))):
        wider = {
            one if one & names else one | {name}
            for one in found
            for name in (names if not one & names else [("", "")])
        }
        found = {one for one in wider if not any(other < one for other in wider)}
    return found
