"""Who inherits the value that a patch changes: their policies change with it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from shardwright.policies.policy import Policy


def heirs(policies: Mapping[str, Policy], name: str, path: str) -> list[str]:
    """The policies that take the value at `path` from a policy, and the policy itself."""
    own = policies[name]
    found = [name]
    for other in policies.values():
        if other.name != name and _states(own, path) == _states(other, path):
            same = other.tree.find(path).place == own.tree.find(path).place
            if same if _states(own, path) else _extends(policies, other, name):
                found.append(other.name)
    return found


def _states(policy: Policy, path: str) -> bool:
    """Whether there is a value, its own or an inherited one."""
    return policy.tree.find(path).place.pointer.endswith(path)


def _extends(policies: Mapping[str, Policy], policy: Policy, name: str) -> bool:
    """Whether a policy has another among those that it extends, near or far."""
    parent = policy.model.extends
    if parent is None or parent == name:
        return parent == name
    return parent in policies and _extends(policies, policies[parent], name)
