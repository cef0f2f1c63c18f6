"""What the answer costs at a priority, for a policy, for a goal."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from shardwright.testing.expectations.words import between, within
from shardwright.testing.models import Bounds, CostOf, Expect
from shardwright.testing.outcome import Outcome
from shardwright.testing.spot import Spot, Unmet


def cost(outcome: Outcome, expect: Expect, spot: Spot) -> Iterator[Unmet]:
    """`cost`: the sum over all terms that fit."""
    if outcome.placement is None:
        return
    for at, wanted in enumerate(expect.cost):
        terms = list(_terms(outcome, wanted))
        total = sum(int(term["cost"]) for term in terms)
        bounds = _bounds(wanted)
        if not within(bounds, total):
            expected = f"a cost of {between(bounds)} for {_whose(wanted)}"
            why = (f"`{term['policy']}` ({term['kind']}): {term['cost']}" for term in terms if term["cost"])
            yield Unmet(spot.at("cost").item(at).place, expected, f"it is {total}", tuple(why))


def _bounds(wanted: CostOf) -> Bounds:
    if wanted.exactly is not None:
        return Bounds(min=wanted.exactly, max=wanted.exactly)
    return Bounds(min=wanted.min, max=wanted.max)


def _terms(outcome: Outcome, wanted: CostOf) -> Iterator[dict[str, Any]]:
    for level in outcome.levels:
        if wanted.priority is None or level.priority == wanted.priority:
            for term in level.terms:
                if wanted.policy in (None, term["policy"]) and wanted.goal in (None, term["kind"]):
                    yield term


def _whose(wanted: CostOf) -> str:
    priority = f"priority {wanted.priority}" if wanted.priority is not None else None
    policy = f"`{wanted.policy}`" if wanted.policy is not None else None
    goal = f"the goal `{wanted.goal}`" if wanted.goal is not None else None
    return ", ".join(part for part in (priority, policy, goal) if part) or "all levels"
