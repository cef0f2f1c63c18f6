"""What works and would read better otherwise."""

from __future__ import annotations

from shardwright.grammar.diagnostics import Diagnostic
from shardwright.policies.checks.say import warning
from shardwright.policies.models import DEFAULT_PRIORITY
from shardwright.policies.policy import Policy


def no_description(policy: Policy) -> list[Diagnostic]:
    """A warning for a policy that does not say what it is for."""
    if policy.model.description.strip():
        return []
    helps = ["say in a sentence what it is for: reasons and conflicts are read by others"]
    return [
        warning(
            "W1001",
            f"`{policy.name}` has no description",
            policy.place("/name"),
            "no description",
            helps=helps,
        )
    ]


def no_priority(policy: Policy) -> list[Diagnostic]:
    """A warning for a policy that leaves its rank to the default."""
    if policy.tree.child("priority") is not None:
        return []
    message = f"`{policy.name}` has no priority; {DEFAULT_PRIORITY} is taken"
    helps = ['write `"priority"`: 1 is the most important']
    return [warning("W1002", message, policy.place("/name"), "no priority", helps=helps)]
