"""The tax of a policy is the difference between the best of all placements with and without it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

import shardwright
from shardwright.solver.why.tax import Tax
from tests.reference.pinned import Priced, admissible
from tests.reference.world import Placement
from tests.strategies import random_case
from tests.truth.finding import Finding


def look(seed: int) -> Finding:
    policies, snapshot = random_case(seed)
    best = admissible(policies, snapshot)
    looked: Counter[str] = Counter()
    wrong: list[str] = []
    for tax in shardwright.compile(policies).tax(snapshot, strategy="exact", time_limit=60).taxes:
        looked[f"policies `{tax.verdict}`" if tax.proven else "not decided in time"] += 1
        others = admissible(policies, snapshot, silent=tax.policy)
        wrong += [f"{tax.policy} {tax.verdict}: {fault}" for fault in _faults(tax, best, others)]
    return Finding(dict(looked), tuple(wrong))


def _faults(tax: Tax, best: list[Priced], others: list[Priced]) -> Iterator[str]:
    if not tax.proven:
        if not tax.limits:
            yield "not proven, though no limit was reached"
        return
    if tax.without is not None and (tax.without.status == "conflict") != (not others):
        yield f"without it {tax.without.status}, but there are {len(others)} placements"
    if not best or not others:
        expected = "never" if bool(best) == bool(others) else "blocks" if others else "enables"
        if tax.verdict != expected:
            yield f"expected {expected}"
        return
    if tax.free and {level: cost for level, cost in tax.free.items() if cost} != others[0][0]:
        yield f"the others pay {tax.free} without it, but the least is {others[0][0]}"
    if tax.verdict in ("costs", "saves", "decides"):
        if _best_of(best) == _best_of(others):
            yield "the same placements are best with and without it"
    elif tax.verdict != "never":
        yield "there is an answer with and without it"
    elif not any(placement in _best_of(others) for placement in _best_of(best)):
        yield "no placement is best with and without it"


def _best_of(placements: list[Priced]) -> list[Placement]:
    return [placement for costs, placement in placements if costs == placements[0][0]]
