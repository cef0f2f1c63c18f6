"""Must, may and never are what looking at every placement finds, among all and among the best."""

from __future__ import annotations

from collections import Counter

import shardwright
from shardwright.solver.why.explainer import Explainer
from shardwright.solver.why.where import Where
from tests.reference.pinned import admissible
from tests.reference.world import Placement
from tests.strategies import random_case
from tests.truth.finding import Finding, Made


def look(seed: int, made: Made = random_case) -> Finding:
    policies, snapshot = made(seed)
    every = admissible(policies, snapshot)
    best = [placement for costs, placement in every if costs == every[0][0]]
    explainer = shardwright.compile(policies).explain(snapshot, strategy="exact", time_limit=60)
    names = [one["id"] for one in snapshot["shards"]]
    looked: Counter[str] = Counter()
    wrong: list[str] = []
    for name in names if len(names) < 3 else (names[seed % len(names)], names[(seed + 1) % len(names)]):
        for optimal, placements in ((False, [placement for _, placement in every]), (True, best)):
            if optimal and not best:
                continue
            found = explainer.where(name, optimal=optimal, time_limit=60)
            looked["not decided in time" if found.limits else "shards"] += 1
            if not _agree(_said(explainer, found), expected := _expected(explainer, placements, name)):
                among = "optimal" if optimal else "admissible"
                wrong.append(f"{name} among the {among}: {found}, expected {expected}")
    return Finding(dict(looked), tuple(wrong))


def _agree(said: dict[str, list[str]], expected: dict[str, list[str]]) -> bool:
    """What is decided is as expected."""
    still_open = set(said.get("undecided", ()))
    left = {
        verdict: [node for node in nodes if node not in still_open] for verdict, nodes in expected.items()
    }
    decided = {verdict: nodes for verdict, nodes in said.items() if verdict != "undecided"}
    return decided == {verdict: nodes for verdict, nodes in left.items() if nodes}


def _said(explainer: Explainer, found: Where) -> dict[str, list[str]]:
    if found.impossible:
        return {}
    return {verdict: [explainer.node(row) for row in rows] for verdict, rows in found.nodes.items() if rows}


def _expected(explainer: Explainer, placements: list[Placement], shard: str) -> dict[str, list[str]]:
    if not placements:
        return {}
    sets = [placement[shard] for placement in placements]
    every, some = frozenset.intersection(*sets), frozenset.union(*sets)
    found: dict[str, list[str]] = {}
    for node in explainer.problem.cluster.nodes.ids:
        verdict = "must" if node in every else "may" if node in some else "never"
        found.setdefault(verdict, []).append(node)
    return found
