"""JSON pointers into a policy, for keys whose value may be one thing or a list of them."""

from __future__ import annotations

from shardwright.grammar.tree import Array, pointer
from shardwright.policies.policy import Policy


def item_pointer(policy: Policy, base: str, index: int) -> str:
    """Where item `index` of a model's list stands: `base` itself where the author wrote no list."""
    return base + pointer(index) if isinstance(policy.tree.find(base), Array) else base
