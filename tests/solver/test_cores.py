"""Why a rule gave something up: the reasons are enough, and none is to spare; against all placements."""

from __future__ import annotations

from itertools import combinations, product
from typing import Any

import pytest

from shardwright.solver.certify import certify
from shardwright.solver.cores import reasons_for
from shardwright.solver.exact import solve_exact
from shardwright.solver.outcome import Limits
from shardwright.solver.problem import Problem
from tests.reference.book import Book, book_of
from tests.reference.rule import Rule
from tests.reference.world import World, world_of
from tests.solver.making import problem_of
from tests.strategies import random_case

Held = dict[str, frozenset[str]]
# Cases in which no_worse rules are among the reasons, with and without anything that is tolerated of them.
TELLING = (91, 161, 179, 184, 218, 227, 235)


def placements(world: World) -> list[Held]:
    names, ids = list(world.cluster.nodes), [shard.id for shard in world.shards]
    choices = [
        [
            frozenset(nodes)
            for size in range(world.counts[shard.id].ceiling + 1)
            for nodes in combinations(names, size)
        ]
        for shard in world.shards
    ]
    return [dict(zip(ids, chosen, strict=True)) for chosen in product(*choices)]


def amounts(rule: Rule, placement: Held) -> dict[Any, int]:
    return {what: amount for what, amount in rule.amounts(placement).items() if amount > 0}


def reasons(problem: Problem, book: Book) -> tuple[dict[int, list[int]], Held]:
    """Those that were found, and the placement that they are about."""
    placement = solve_exact(problem, Limits(), workers=1).placement
    assert placement is not None
    found = reasons_for(problem, certify(problem, placement, here=True), Limits())
    assert not found.cut
    nodes, shards = problem.cluster.nodes.ids, problem.cluster.shards.ids
    held: Held = {shard.id: frozenset() for shard in book.world.shards}
    for shard, node in placement:
        held[shards[shard]] |= {nodes[node]}
    return found.found, held


@pytest.mark.parametrize("seed", TELLING)
def test_reasons_are_enough_and_none_is_to_spare(seed: int) -> None:
    policies, snapshot = random_case(seed)
    problem, book = problem_of(policies, snapshot), book_of(world_of(policies, snapshot))
    rules = {(rule.policy, rule.pointer): rule for rule in book.rules}
    of = {rule.id: rules.get((rule.owner, rule.pointer)) for rule in problem.rules}
    found, held = reasons(problem, book)
    assert found

    def keeps(number: int, placement: Held) -> bool:
        """A rule is held to what the answer has of it; a required one to nothing."""
        rule = of[number]
        assert rule is not None
        allowed = {} if problem.rules[number].enforcement == "required" else amounts(rule, held)
        return all(amount <= allowed.get(what, 0) for what, amount in amounts(rule, placement).items())

    for target, core in found.items():
        rule = of[target]
        assert rule is not None
        free = [placement for placement in placements(book.world) if not amounts(rule, placement)]
        kept = [frozenset(number for number in core if keeps(number, placement)) for placement in free]
        assert not any(len(some) == len(core) for some in kept)
        assert all(any(some >= set(core) - {number} for some in kept) for number in core)
