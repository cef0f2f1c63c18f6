"""Every rule and every goal of a world."""

from __future__ import annotations

from dataclasses import dataclass

from tests.reference.goal import Goal
from tests.reference.goals import balance, cost, fewest_moves, headroom, nearness, pack, prefer
from tests.reference.rule import Level, Rule
from tests.reference.rules import allow, apart, builtin, capacity, migration, replicas, spread
from tests.reference.world import World

RULES = (allow, replicas, spread, apart, capacity, migration)
GOALS = (balance, headroom, fewest_moves, prefer, pack, cost, nearness)


@dataclass(frozen=True, eq=False)
class Book:
    world: World
    rules: list[Rule]
    goals: list[Goal]

    def levels(self) -> list[Level]:
        """In the order of importance. A required rule costs nothing, so it has no level."""
        costing = {rule.level for rule in self.rules if rule.enforcement != "required"}
        return sorted(costing | {goal.level for goal in self.goals})


def book_of(world: World) -> Book:
    """A policy that governs no shard has no rules and no goals."""
    speaking = [policy for policy in world.policies if world.governed(policy)]
    rules = [rule for policy in speaking for file in RULES for rule in file.rules(world, policy)]
    goals = [goal for policy in speaking for file in GOALS for goal in file.goals(world, policy)]
    return Book(world, builtin.rules(world) + rules, [*goals, fewest_moves.built_in(world)])
