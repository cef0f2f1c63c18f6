"""Who inherits the value that a patch changes: their policies change with it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from shardwright.policies.policy import Policy


def heirs(policies: Mapping[str, Policy], name: str, path: str) -> list[str]:
    """The policies that take the value at `path` from a policy, and the policy itself."""
    own = policies[name]
    place, top = own.tree.find(path).place, own.tree.place
    is_own = place.source.name == top.source.name and place.pointer == top.pointer + path
    # What stands in its own text is wherever that place is; else it is new, for those that extend it.
    return [name] + [
        other.name
        for other in policies.values()
        if other.name != name and _has_same(own, other, path) and (is_own or _extends(policies, other, name))
    ]


def _has_same(own: Policy, other: Policy, path: str) -> bool:
    """Whether both have the very same value, or neither has any."""
    if _states(own, path) != _states(other, path):
        return False
    return not _states(own, path) or own.tree.find(path).place == other.tree.find(path).place


def _states(policy: Policy, path: str) -> bool:
    """Whether there is a value, its own or an inherited one."""
    return policy.tree.find(path).place.pointer.endswith(path)


def _extends(policies: Mapping[str, Policy], policy: Policy, name: str) -> bool:
    """Whether a policy has another among those that it extends, near or far."""
    parent = policy.model.extends
    if parent is None or parent == name:
        return parent == name
    return parent in policies and _extends(policies, policies[parent], name)
