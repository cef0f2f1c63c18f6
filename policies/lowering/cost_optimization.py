"""`actions.cost_optimization`."""

from __future__ import annotations

from collections.abc import Iterator

from shardwright.grammar.rules import Cost, Pack
from shardwright.policies.lowering.placement import lower_preferences
from shardwright.policies.lowering.stated import NodeTest, Stated
from shardwright.policies.policy import Policy

BASE = "/actions/cost_optimization"


def lower_cost_optimization(policy: Policy, tests: tuple[NodeTest, ...]) -> Iterator[Stated]:
    action = policy.model.actions.cost_optimization
    if action is None:
        return
    if action.consolidate:
        yield Stated(f"{BASE}/consolidate", Pack())
    if action.minimize == "node_hours":
        yield Stated(f"{BASE}/minimize", Pack())
    if action.minimize == "cost":
        yield Stated(f"{BASE}/minimize", Cost())
    yield from lower_preferences(policy, f"{BASE}/prefer", action.prefer)
