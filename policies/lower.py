"""Policies to rules: each action key becomes the rules and goals that it stands for."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from shardwright.grammar.rules import Capacity as CapacityRule
from shardwright.grammar.rules import FewestMoves, Kind, NodeState, OnePerNode, Placed, Rule, Statement
from shardwright.grammar.syntax import Attribute, Comparison, Condition, conjuncts, subjects
from shardwright.policies.lowering.conditions import as_source, from_selector, numbered
from shardwright.policies.lowering.cost_optimization import lower_cost_optimization
from shardwright.policies.lowering.load_balancing import lower_load_balancing
from shardwright.policies.lowering.migration import lower_migration
from shardwright.policies.lowering.placement import lower_placement
from shardwright.policies.lowering.replication import lower_replication
from shardwright.policies.lowering.stated import Stated
from shardwright.policies.policy import Policy

# The built-in rules, in the order of their numbers: (kind, enforcement, level).
BUILT_IN: tuple[tuple[Kind, str, tuple[int, int] | None], ...] = (
    (Placed(), "required", None),
    (OnePerNode(), "required", None),
    (NodeState(), "required", None),
    (CapacityRule(everyone=True), "no_worse", (1, 0)),
    (FewestMoves(), "goal", (3, 0)),
)

ACTIONS = (
    lower_placement,
    lower_replication,
    lower_migration,
    lower_load_balancing,
    lower_cost_optimization,
)


def built_in_rules() -> tuple[Rule, ...]:
    """The rules that every cluster has, numbered from 0."""
    return tuple(
        Rule(at, None, "", kind, enforcement, level) for at, (kind, enforcement, level) in enumerate(BUILT_IN)
    )


def lower(policies: Iterable[Policy]) -> tuple[Statement, ...]:
    """One statement for each policy, rules numbered through behind the built-in ones."""
    statements: list[Statement] = []
    first = len(BUILT_IN)
    for number, policy in enumerate(policies):
        statements.append(_statement(policy, number, first))
        first += len(statements[-1].rules)
    return tuple(statements)


def _statement(policy: Policy, number: int, first: int) -> Statement:
    model = policy.model
    parts = [as_source(part) if model.type == "migration" else part for part in conjuncts(policy.condition)]
    named = numbered(policy, parts)
    node_tests = tuple(part for part in parts if "node" in subjects(part))
    tests = tuple(test for test in named if "node" in subjects(test.condition))
    guards = tuple(part for part in parts if "node" not in subjects(part))
    speaks_of_nodes = model.type not in ("placement", "replication")
    stated = [item for action in ACTIONS for item in action(policy, tests)]
    rules = tuple(_rule(policy, item, first + at) for at, item in enumerate(stated))
    return Statement(
        policy.name,
        number,
        model.type,
        model.priority,
        model.enforcement,
        model.weight,
        (*_scope(policy), *guards),
        node_tests if speaks_of_nodes else (),
        rules,
    )


def _rule(policy: Policy, stated: Stated, number: int) -> Rule:
    model = policy.model
    goal = stated.kind.is_goal or model.enforcement == "preferred"
    if goal:
        level: tuple[int, int] | None = (_goal_block(policy), model.priority)
    else:
        level = None if model.enforcement == "required" else (1, model.priority)
    enforcement = "goal" if goal else model.enforcement
    return Rule(number, policy.name, stated.pointer, stated.kind, enforcement, level, model.weight)


def _goal_block(policy: Policy) -> int:
    """Goals of policies that exist to move data go before staying put, those of placement policies after."""
    placement = policy.model.actions.placement
    lifted = placement is not None and placement.applies_to == "all"
    return 2 if policy.model.type != "placement" or lifted else 4


def _scope(policy: Policy) -> Iterator[Condition]:
    scope = policy.model.scope
    yield from from_selector(policy, "/scope/shards", "shard")
    for key, attribute in (("groups", "group"), ("ids", "id")):
        names = getattr(scope, key)
        if names is not None:
            place = policy.place(f"/scope/{key}")
            yield Comparison(Attribute("shard", "", attribute), "in", tuple(names), place)
