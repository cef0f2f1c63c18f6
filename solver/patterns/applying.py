"""Which policies may be in force at some time: those that nothing but a missing cluster keeps from it."""

from __future__ import annotations

from collections.abc import Iterable

from shardwright.policies.graph import order
from shardwright.policies.policy import Policy


def may_apply(policies: Iterable[Policy]) -> list[Policy]:
    """Enabled and active policies whose dependencies may apply too, sorted by name."""
    applying: set[str] = set()
    found = []
    for policy in order(policies):
        # Dependencies come first in the order.
        in_force = policy.model.enabled and policy.standing == "active"
        if in_force and all(name in applying for name in policy.model.depends_on):
            applying.add(policy.name)
            found.append(policy)
    return sorted(found, key=lambda policy: policy.name)
