"""Dates that leave no time."""

from __future__ import annotations

from shardwright.grammar.diagnostics import Diagnostic
from shardwright.policies.checks.say import problem
from shardwright.policies.policy import Policy


def never_valid(policy: Policy) -> list[Diagnostic]:
    """An error where a policy ends before it begins."""
    first, last = policy.model.valid_from, policy.model.valid_until
    if first is None or last is None or first < last:
        return []
    relation = "the same moment as" if first == last else "after"
    message = f"`valid_from` is {relation} `valid_until`: the policy is never valid"
    other = (policy.place("/valid_until"), "ends here")
    return [problem("E1112", message, policy.place("/valid_from"), "begins here", others=[other])]
