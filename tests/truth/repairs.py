"""Every way out, applied, leaves what it says: the reference finds the conflicts of the changed case."""

from __future__ import annotations

from collections import Counter
from copy import deepcopy
from random import Random
from typing import Any

import shardwright
from shardwright.solver.conflicts.repairs.patched import patched
from tests.reference.conflicts import Names, minimal_conflicts, placements
from tests.reference.world import world_of
from tests.strategies import random_case
from tests.truth.conflicts import MANY
from tests.truth.finding import SKIPPED, Finding, Made

Json = dict[str, Any]
REQUIRED = 0.6  # how often a policy is made required: so more conflicts arise
GROWN = 10  # times as many placements may there be where a way out adds nodes


def look(seed: int, made: Made = random_case) -> Finding:
    policies, snapshot = _stricter(seed, *made(seed))
    if placements(world_of(policies, snapshot)) > MANY:
        return SKIPPED
    found = shardwright.compile(policies).conflicts(snapshot, time_limit=None)
    looked: Counter[str] = Counter()
    wrong: list[str] = []
    for conflict in found.conflicts:
        names = frozenset((cause.policy, cause.pointer or "") for cause in conflict.causes)
        for repair in conflict.repairs:
            changed = applied(repair, policies, snapshot)
            if placements(world_of(*changed)) > GROWN * MANY:
                looked["too large"] += 1
                continue
            looked[str(repair["kind"])] += 1
            wrong += _faults(repair, names, minimal_conflicts(*changed))
    return Finding(dict(looked), tuple(wrong))


def _stricter(seed: int, policies: list[Json], snapshot: Json) -> tuple[list[Json], Json]:
    random = Random(f"stricter {seed}")
    policies = deepcopy(policies)
    for policy in policies:
        if random.random() < REQUIRED:
            policy["enforcement"] = "required"
    return policies, snapshot


def applied(repair: Json, policies: list[Json], snapshot: Json) -> tuple[list[Json], Json]:
    """Policies and snapshot with the patch of a way out."""
    if repair["document"] == "cluster":
        return policies, patched(snapshot, repair["patch"])
    return [
        patched(policy, repair["patch"]) if policy["name"] == repair["policy"] else policy
        for policy in policies
    ], snapshot


def _faults(repair: Json, names: Names, left: set[Names]) -> list[str]:
    faults = []
    if repair["certified"] and any(one <= names for one in left):
        faults.append(f"still there after: {repair['text']}")
    if repair["limit"] is None and repair["remaining"] != len(left):
        faults.append(f"{repair['remaining']} left, not {len(left)}, after: {repair['text']}")
    return faults
