"""The tax of a policy is the difference between the best of all placements with and without it."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterator

import shardwright
from shardwright.cluster.load import cluster_from
from shardwright.solver.proposal import Request
from shardwright.solver.why.tax import Tax, best_of, glanced
from tests.reference.pinned import Priced, admissible
from tests.reference.world import Placement
from tests.strategies import random_case
from tests.truth.finding import Finding, Made

NEVER = 1e9  # seconds that a solve is said to take


def look(seed: int, made: Made = random_case) -> Finding:
    policies, snapshot = made(seed)
    best = admissible(policies, snapshot)
    looked: Counter[str] = Counter()
    wrong: list[str] = []
    for tax in shardwright.compile(policies).tax(snapshot, strategy="exact", time_limit=60).taxes:
        looked[f"policies `{tax.verdict}`" if tax.proven else "not decided in time"] += 1
        others = admissible(policies, snapshot, silent=tax.policy)
        wrong += [f"{tax.policy} {tax.verdict}: {fault}" for fault in _faults(tax, best, others)]
        wrong += _costly_faults(tax, best, others)
    seen = glance(seed, made)
    return Finding({**looked, **seen.looked}, (*wrong, *seen.wrong))


def glance(seed: int, made: Made = random_case) -> Finding:
    """The same of what is told at a glance, as where there is no time to solve without each policy."""
    policies, snapshot = made(seed)
    case = shardwright.compile(policies).on(cluster_from(snapshot))
    request = Request("exact", None, time.monotonic() + 60, 2, 1, None, None, None)
    answer, best = best_of(case.problem, request), admissible(policies, snapshot)
    looked: Counter[str] = Counter()
    wrong: list[str] = []
    if answer.judgement is None:
        return Finding({})
    for tax in glanced(case, answer, case.policies, request, NEVER):
        looked[f"at a glance `{tax.verdict}`" + (" (not proven)" if not tax.proven else "")] += 1
        others = admissible(policies, snapshot, silent=tax.policy)
        faults = list(_faults(tax, best, others)) if tax.proven else list(_open_faults(tax, others))
        wrong += [f"{tax.policy} {tax.verdict} at a glance: {fault}" for fault in faults]
        wrong += _costly_faults(tax, best, others)
        looked["at a glance: sure that they pay, not how much"] += tax.costly and not tax.proven
    return Finding(dict(looked), tuple(wrong))


def _open_faults(tax: Tax, others: list[Priced]) -> Iterator[str]:
    """What is not proven is still no less than the least, and what is said to cost less does."""
    if not others:
        if tax.verdict != "unknown":
            yield "without it there is no placement"
        return
    levels = sorted(tax.paid)
    paid, free, least = ([by.get(at, 0) for at in levels] for by in (tax.paid, tax.free, others[0][0]))
    if levels and (free < least or paid < free):
        yield f"the others pay {paid} with it, {free} without it, and the least is {least}"
    if tax.verdict == "costs" and not free < paid:
        yield "the others do not pay less without it"


def _costly_faults(tax: Tax, best: list[Priced], others: list[Priced]) -> Iterator[str]:
    """Whoever is said to pay, does so in every best placement."""
    if tax.costly and any(placement in _best_of(others) for placement in _best_of(best)):
        yield f"{tax.policy}: in some best placement the others do not pay for it"


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
