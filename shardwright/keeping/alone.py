"""One version of a policy as a set of its own: with what it needed at its time, as if it were in force."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING

from shardwright.keeping.catalog import Kept, needs_of
from shardwright.keeping.source import policies_of
from shardwright.policies.policy import PolicySet
from shardwright.store.moments import Moment
from shardwright.store.rows import DELETED, VersionRow
from shardwright.store.store import Store

if TYPE_CHECKING:
    from shardwright.solver.patterns.compare.witness import Comparison


def between_versions(store: Store, before: VersionRow, after: VersionRow) -> Comparison:
    """What the change from one version of a policy to another means, other policies apart."""
    from shardwright.solver.patterns.compare.verdict import compare

    return compare(alone(store, before), alone(store, after))


def alone(store: Store, row: VersionRow) -> PolicySet:
    """A version and all that it extends and depends on, as they were when it was made; nothing where it
    says that the policy is deleted.
    """
    if row.state == DELETED:
        return PolicySet(())
    policies, _ = policies_of(_needed(store, row))
    return PolicySet(tuple(replace(policy, standing="active") for policy in policies))


def _needed(store: Store, row: VersionRow) -> list[Kept]:
    at = Moment(row.number)
    found: dict[str, Kept] = {}
    waiting: list[Kept | None] = [row]
    while waiting:
        one = waiting.pop()
        if one is not None and one.state != DELETED and one.name not in found:
            found[one.name] = one
            waiting += [store.policy_at(name, at) for name in needs_of(json.loads(one.definition))]
    return [found[name] for name in sorted(found)]
