"""Which policies apply to one shard and one operation, and in what order."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from shardwright.policies.graph.build import decides_count
from shardwright.policies.graph.order import order
from shardwright.policies.policy import Policy
from shardwright.policies.selectors import matches, selector_at

Shard = Mapping[str, Any]  # {"id": ..., "group": ..., "labels": {...}}, each may be absent
Scope = Shard | Callable[[Policy], bool]

# What has to be asked before a replica is placed, moved, added or dropped, load evened out, money saved.
OPERATIONS: dict[str, Callable[[Policy], bool]] = {
    "place": lambda policy: _carries(policy, "placement"),
    "move": lambda policy: _carries(policy, "migration") or _carries(policy, "placement"),
    "replicate": lambda policy: _carries(policy, "replication") or decides_count(policy),
    "balance": lambda policy: _carries(policy, "load_balancing"),
    "cost": lambda policy: _carries(policy, "cost_optimization"),
}


def select(
    policies: Iterable[Policy],
    *,
    type: str | None = None,
    operation: str | None = None,
    shard: Scope | None = None,
) -> list[Policy]:
    """The policies of a type, for an operation (a key of OPERATIONS), whose scope holds a shard; in order.

    Raises KeyError for an operation that does not exist. Only scopes are asked: conditions are evaluated
    where the whole cluster is known.
    """
    concerns = OPERATIONS[operation] if operation is not None else _always
    governs = _predicate(shard)
    return [
        policy
        for policy in order(policies)
        if type in (None, policy.model.type) and concerns(policy) and governs(policy)
    ]


def in_scope(policy: Policy, shard: Shard) -> bool:
    """Is a shard in the policy's scope? Every key of the scope that is given must hold."""
    scope = policy.model.scope
    if scope.ids is not None and shard.get("id") not in scope.ids:
        return False
    if scope.groups is not None and shard.get("group") not in scope.groups:
        return False
    return scope.shards is None or matches(selector_at(policy, "/scope/shards"), shard.get("labels") or {})


def _predicate(shard: Scope | None) -> Callable[[Policy], bool]:
    if shard is None:
        return _always
    if callable(shard):
        return shard
    return lambda policy: in_scope(policy, shard)


def _carries(policy: Policy, action: str) -> bool:
    return action in policy.model.actions.given


def _always(policy: Policy) -> bool:
    return True
