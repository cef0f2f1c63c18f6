"""The policies of a store as a plan would leave them."""

from __future__ import annotations

from collections.abc import Set
from dataclasses import replace

from shardwright.keeping.catalog import Catalog
from shardwright.keeping.plans import Plan, state_after
from shardwright.keeping.source import taking_part
from shardwright.policies.load import load_texts
from shardwright.policies.policy import Policy, PolicySet
from shardwright.store.rows import DELETED


def states_after(plan: Plan) -> dict[str, str]:
    """The state of every policy that a plan changes, once it has."""
    return {change.name: state_after(plan, change) for change in plan.request.changes}


def afterwards(
    plan: Plan, catalog: Catalog, active: Set[str] = frozenset(), among: Set[str] | None = None
) -> PolicySet:
    """All policies that take part after a plan, or those of `among`; those of `active` as if in force."""
    states = states_after(plan) | dict.fromkeys(active, "active")
    others = {row.name: row for row in taking_part(catalog, among)}
    others |= {name: catalog.rows[name] for name in plan.request.relying}
    left = {name: row for name, row in others.items() if name not in states}
    policies, _ = load_texts([*plan.texts, *catalog.texts(left)])

    def standing(policy: Policy) -> Policy:
        if policy.name in left:
            return replace(policy, revision=left[policy.name].version, standing=left[policy.name].state)
        # A file may hold policies that stay as they are.
        now = catalog.rows[policy.name].state if policy.name in catalog.rows else "active"
        return replace(policy, standing=states.get(policy.name, now))

    gone = {name for name, state in states.items() if state == DELETED}
    return PolicySet(tuple(standing(policy) for policy in policies if policy.name not in gone))
