"""The parsed selectors of a policy, and what they match."""

from __future__ import annotations

from shardwright.grammar.selectors import Selector, parse_selector
from shardwright.grammar.tree import Node, Object, pointer_tokens
from shardwright.policies.models import CONSTRAINT_KEYS
from shardwright.policies.policy import Policy

CONSTRAINTS = ["actions", "placement", "constraints"]


def selector_at(policy: Policy, pointer: str) -> Selector:
    """The parsed selector at a JSON pointer of a (valid) policy; empty if there is none.

    A single label constraint (`/actions/placement/constraints/region`) is a selector of one key, and
    so is `/actions/placement/constraints/node` (key `node`).
    """
    node = selector_node(policy.tree, pointer)
    return parse_selector(node)[0] if node is not None else ()


def selector_node(tree: Node, pointer: str) -> Object | None:
    """The object that holds the selector at a pointer, made up where the text has only its value."""
    tokens = pointer_tokens(pointer)
    above = tree
    for token in tokens[:-1]:
        below = above.child(token)
        if below is None:
            return None
        above = below
    if (tokens[:-1] == CONSTRAINTS and tokens[-1] not in CONSTRAINT_KEYS) or tokens == [*CONSTRAINTS, "node"]:
        member = above.member(tokens[-1]) if isinstance(above, Object) else None
        return Object(member.value.place, (member,)) if member else None
    node = above.child(tokens[-1]) if tokens else above
    return node if isinstance(node, Object) else None
