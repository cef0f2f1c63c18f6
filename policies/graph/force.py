"""Which policies are in force, and in a sentence why the others are not."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from shardwright.policies.graph.order import order
from shardwright.policies.policy import NotApplied, Policy


def in_force(policies: Iterable[Policy], taken_at: str | None) -> tuple[list[Policy], list[NotApplied]]:
    """The policies that apply at the snapshot's time, in order, and those that do not, by name.

    `valid_from` is the first moment, `valid_until` the first moment after. A policy whose dependency is
    missing or not in force is not in force; to extend a policy is to take its text, whether it is in force
    or not (but `enabled` and the dates are part of that text).
    """
    ordered = order(policies)
    reasons: dict[str, str | None] = {}
    for policy in ordered:
        # Dependencies come first in the order, so their reasons are known.
        reasons[policy.name] = _own_reason(policy, taken_at) or _dependency_reason(policy, reasons)
    applied = [policy for policy in ordered if reasons[policy.name] is None]
    return applied, [NotApplied(name, f"it {why}") for name, why in sorted(reasons.items()) if why]


def _own_reason(policy: Policy, taken_at: str | None) -> str | None:
    model = policy.model
    if policy.standing != "active":
        return "is a draft" if policy.standing == "draft" else f"is {policy.standing}"
    if not model.enabled:
        return "is disabled" + _by_parent(policy)
    if model.valid_from is None and model.valid_until is None:
        return None
    if taken_at is None:
        return "has dates, and the snapshot does not say when it was taken (`taken_at`)"
    now = datetime.fromisoformat(taken_at.upper())
    if model.valid_from is not None and now < model.valid_from:
        return f"is valid from {_text(policy, 'valid_from')}, and the snapshot was taken at {taken_at}"
    if model.valid_until is not None and now >= model.valid_until:
        return f"was valid until {_text(policy, 'valid_until')}, and the snapshot was taken at {taken_at}"
    return None


def _dependency_reason(policy: Policy, reasons: Mapping[str, str | None]) -> str | None:
    for name in policy.model.depends_on:
        why = reasons.get(name, "does not exist")
        if why is not None:
            return f"depends on `{name}`, which {why}"
    return None


def _by_parent(policy: Policy) -> str:
    """Where `enabled` was inherited: the words that say so."""
    place, own = policy.place("/enabled"), policy.tree.place
    inherited = place.source is not own.source or not own.start <= place.start < own.end
    return f" (it takes `enabled` from `{policy.model.extends}`)" if inherited else ""


def _text(policy: Policy, key: str) -> str:
    """A date as the author wrote it."""
    plain = policy.tree.find(f"/{key}").plain()
    return plain if isinstance(plain, str) else getattr(policy.model, key).isoformat()
