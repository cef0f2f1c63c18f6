"""`actions.migration`."""

from __future__ import annotations

from collections.abc import Iterator

from shardwright.grammar.rules import Allow, FewestMoves, Leave, Stay
from shardwright.policies.lowering.conditions import from_selector, together
from shardwright.policies.lowering.stated import NodeTest, Stated
from shardwright.policies.policy import Policy

BASE = "/actions/migration"


def lower_migration(policy: Policy, tests: tuple[NodeTest, ...]) -> Iterator[Stated]:
    action = policy.model.actions.migration
    if action is None:
        return
    if action.leave is not None:
        selected = from_selector(policy, f"{BASE}/leave", "node")
        yield Stated(
            f"{BASE}/leave", Leave(together(selected, policy, f"{BASE}/leave") if selected else None)
        )
    elif tests and not action.stay and policy.model.type == "migration":
        yield Stated(BASE, Leave(None))
    if action.stay:
        yield Stated(f"{BASE}/stay", Stay())
    if action.target is not None:
        target = together(from_selector(policy, f"{BASE}/target", "node"), policy, f"{BASE}/target")
        yield Stated(f"{BASE}/target", Allow(target, arrivals=True))
    if action.minimize is not None:
        yield Stated(f"{BASE}/minimize", FewestMoves(action.minimize))
