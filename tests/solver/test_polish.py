"""clingo polishes small neighbourhoods of what search has found; the certificate has the last word."""

from __future__ import annotations

import random
from itertools import pairwise
from typing import Any

import numpy as np
import pytest

import shardwright
from shardwright.keeping.runs import differing, plain
from shardwright.solver.certify import certify
from shardwright.solver.outcome import Limits
from shardwright.solver.problem import Problem
from shardwright.solver.processes import WorkerFailed
from shardwright.solver.search import polish
from shardwright.solver.search.neighbourhood import Terrain, ordered
from tests.solver.making import Json, cluster, constrained, node, policy, problem_of, shard

NODES, ON_EACH = 12, 5
ROOM = 3  # capacity of each node beyond what fits exactly
PACKED = policy("fewest-nodes", "cost_optimization", {"consolidate": True})
APART = constrained("apart", apart_from={"group": "same", "by": "node"})
CASES = {
    "moves": [],
    "zones": [constrained("zone", spread={"by": "zone", "max": 1})],
    "company": [APART],
    "nodes in use": [APART, PACKED],
}


def full(seed: int, replicas: int = 1, room: int = ROOM) -> Json:
    """Nodes whose shards fit only in few ways; two in five shards stand elsewhere today."""
    draw = random.Random(seed)
    shards, at = [], 0
    for home in range(NODES):
        cuts = [0, *sorted(draw.sample(range(1, 100), ON_EACH - 1)), 100]
        for low, high in pairwise(cuts):
            where = draw.randrange(NODES) if draw.random() < 0.4 else home
            held = [f"n{(where + 3 * copy) % NODES}" for copy in range(replicas)]
            shards.append(shard(f"s{at}", *held, load={"cpu": high - low}, group=f"g{at // 3}"))
            at += 1
    draw.shuffle(shards)
    nodes = [
        node(f"n{at}", labels={"zone": f"z{at % 3}"}, capacity={"cpu": 100 * replicas + room})
        for at in range(NODES)
    ]
    return cluster(nodes, shards)


def found_by_search(problem: Problem, steps: int) -> Any:
    from shardwright.solver.search.propose import solve_search

    return solve_search(problem, Limits(), workers=1, seed=1, steps=steps, search_until=None)


@pytest.mark.parametrize("name", CASES)
def test_it_gains_and_what_it_says_is_true(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(polish, "FIRST_ROUNDS", 6)
    monkeypatch.setattr(polish, "VAIN_ROUNDS", 2)
    problem = problem_of(CASES[name], full(3, 2 if name == "zones" else 1))
    found = found_by_search(problem, 3_000)
    placement = found.placement or found.draft
    before = certify(problem, placement, here=True)
    result = polish.polished(problem, placement, before, Limits(), workers=2, seed=0)
    assert worth(problem, result.judgement) < worth(problem, before)
    after = certify(problem, result.placement, here=True)
    assert (after.amounts, after.costs) == (result.judgement.amounts, result.judgement.costs)
    again = polish.polished(problem, placement, before, Limits(), workers=2, seed=0, rounds=result.rounds)
    assert (again.placement, again.rounds) == (result.placement, result.rounds)


def worth(problem: Problem, judgement: Any) -> tuple[int, tuple[int, ...]]:
    return sum(fault.amount - fault.tolerated for fault in judgement.faults(problem)), judgement.level_costs


def test_what_search_leaves_broken_is_mended() -> None:
    """New shards, the largest first to the roomiest nodes: for the last of them none has room."""
    snapshot = full(5, room=0)
    for one in snapshot["shards"]:
        one["placement"] = []
    assert found_by_search(problem_of([], snapshot), 1).status == "unknown"
    program = shardwright.compile([])
    first = program.solve(snapshot, strategy="search", steps=1)
    assert (first.status, first.statistics["neighbourhoods"]["rounds"] > 0) == ("optimal", True)
    again = program.solve(snapshot, strategy="search", replay=plain(first.statistics))
    assert differing(plain(first.to_json()), plain(again.to_json())) == []


def test_a_neighbourhood_is_as_large_as_it_may_be_and_knows_all_that_matters() -> None:
    """Whatever is laid around, its present costs differ from the whole's only by what lies outside."""
    problem = problem_of(CASES["zones"], full(1, 2))
    placement = ordered(np.array(found_by_search(problem, 3_000).placement, dtype=np.int32))
    judgement = certify(problem, [(one, two) for one, two in placement.tolist()], here=True)
    terrain = Terrain(problem, placement, judgement, {})
    draw, seen = np.random.default_rng(0), 0
    pool = list(judgement.amounts)
    for _ in range(10):
        hood = terrain.around(pool, draw, None)
        if hood is None:
            continue
        seen += 1
        here = placement[np.isin(placement[:, 0], hood.part.shards)]
        pairs = np.stack(
            [np.searchsorted(hood.part.shards, here[:, 0]), np.searchsorted(hood.part.nodes, here[:, 1])],
            axis=1,
        )
        assert (
            ordered(hood.changed(placement, [(one, two) for one, two in pairs.tolist()])) == placement
        ).all()
        inside = certify(hood.part.problem, [(one, two) for one, two in pairs.tolist()], here=True)
        assert inside.faults(hood.part.problem) == ()
        assert set(hood.part.problem.pinned) <= {(one, two) for one, two in pairs.tolist()}
    assert seen > 5


def test_a_draft_that_no_time_is_left_to_polish_stays_unknown(monkeypatch: pytest.MonkeyPatch) -> None:
    """The limit comes while it is polished, before the first round."""

    def too_late(*_: object, **__: object) -> None:
        raise WorkerFailed("time_limit", "the time limit came first", "time_limit")

    monkeypatch.setattr(polish, "polished", too_late)
    snapshot = full(5, room=0)
    for one in snapshot["shards"]:
        one["placement"] = []
    result = shardwright.compile([]).solve(snapshot, strategy="search", steps=1)
    assert (result.status, result.placement) == ("unknown", None)
