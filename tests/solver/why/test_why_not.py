"""Why not there: the price is the reference's, and what is forbidden there is in no placement."""

from __future__ import annotations

import io
from itertools import product
from typing import Any

import pytest

import shardwright
from shardwright.report.console import show
from shardwright.report.why_not import why_not_page
from shardwright.solver.why.documents import why_not_document
from shardwright.solver.why.explainer import Explainer
from tests.reference.pinned import admissible, least_with
from tests.solver.making import cluster, node, policy, shard
from tests.strategies import random_case

PAIRS = 4  # of each case


@pytest.mark.parametrize("seed", range(25))
def test_the_price_is_the_reference_s(seed: int) -> None:
    policies, snapshot = random_case(seed)
    placements = admissible(policies, snapshot)
    explainer = shardwright.compile(policies).explain(snapshot, strategy="exact", time_limit=20)
    names = [one["id"] for one in snapshot["shards"]], [one["id"] for one in snapshot["nodes"]]
    pairs = list(product(*names))
    for name, where in pairs[:: max(1, len(pairs) // PAIRS)]:
        found = explainer.why_not(name, where)
        expected = least_with(placements, name, where)
        document = why_not_document(explainer, found)
        if not placements:
            assert document["verdict"] in ("here", "never", "conflict")
        elif expected is None:
            assert document["verdict"] in ("never", "conflict")
            assert document["reasons"] or document["conflicts"]
        elif found.verdict != "here":
            assert found.price is not None
            assert found.price.proven
            assert {level: cost for level, cost in found.price.there.items() if cost} == expected
            now = {level: cost for level, cost in found.price.now.items() if cost}
            assert now == placements[0][0]
            assert {"shard": name, "to": where} in [
                {"shard": one["shard"], "to": one["to"]} for one in document["price"]["moves"]
            ]


@pytest.mark.parametrize("seed", range(12))
def test_few_exchanges_never_claim_more_than_the_reference(
    seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As on clusters with too many pairs to begin with a proof: what counting proves there is the least."""
    monkeypatch.setattr("shardwright.solver.why.price.SMALL_PAIRS", 0)
    policies, snapshot = random_case(seed)
    placements = admissible(policies, snapshot)
    explainer = shardwright.compile(policies).explain(snapshot, time_limit=20, steps=20_000)
    names = [one["id"] for one in snapshot["shards"]], [one["id"] for one in snapshot["nodes"]]
    pairs = list(product(*names))
    for name, where in pairs[:: max(1, len(pairs) // PAIRS)]:
        found = explainer.why_not(name, where)
        expected = least_with(placements, name, where)
        if found.price is None:
            assert expected is None or found.verdict == "here"
            continue
        assert expected is not None
        levels = sorted(found.price.there)
        costs, least = ([by.get(level, 0) for level in levels] for by in (found.price.there, expected))
        assert costs == least if found.price.proven else costs >= least
        assert [found.price.bound[level] for level in levels] <= least


@pytest.mark.parametrize("seed", range(150))
def test_what_is_forbidden_alone_is_in_no_placement(seed: int) -> None:
    policies, snapshot = random_case(seed)
    placements = admissible(policies, snapshot)
    settled = {
        one["id"]: [{"node": held["node"]} for held in one.get("placement", [])] for one in snapshot["shards"]
    }
    explainer = shardwright.compile(policies).explain(snapshot, settled)
    for one, where in product(snapshot["shards"], snapshot["nodes"]):
        if explainer.forbidden(one["id"], where["id"]):
            assert least_with(placements, one["id"], where["id"]) is None


def large(policies: list[dict[str, Any]]) -> Explainer:
    nodes = [node(f"n{at}", capacity={"cpu": 5000}) for at in range(20)]
    shards = [shard(f"s{at}", f"n{at % 20}", load={"cpu": at % 97 + 1}) for at in range(300)]
    explainer = shardwright.compile(policies).explain(cluster(nodes, shards), steps=200_000)
    assert explainer.result is not None
    assert explainer.result.strategy == "search"
    return explainer


def test_where_search_answers_counting_may_still_prove_the_price() -> None:
    explainer = large([])
    found = explainer.why_not("s1", "n7")
    assert found.price is not None
    assert found.price.proven
    assert why_not_document(explainer, found)["price"]["moves"] == [{"shard": "s1", "from": "n1", "to": "n7"}]
    assert found.price.there[3, 0] - found.price.now[3, 0] == 1


def test_beyond_what_can_be_proven_the_price_is_that_of_a_certified_placement_nearby() -> None:
    even = policy("even", "load_balancing", {"resources": ["cpu"], "tolerance": 0})
    explainer = large([even])
    row, source = next(pair for pair in explainer.placement if pair[1] != 17)
    name = explainer.shard(row)
    found = explainer.why_not(name, explainer.node(17))
    assert found.price is not None
    assert not found.price.proven
    price = why_not_document(explainer, found)["price"]
    assert {"shard": name, "from": explainer.node(source), "to": explainer.node(17)} in price["moves"]
    level = next(level for level in price["levels"] if level["bound"] < level["there"])
    least, most = level["bound"] - level["now"], level["difference"]
    told = io.StringIO()
    show(why_not_page(why_not_document(explainer, found), None), told)
    low, high = (f"{'+' if value > 0 else ''}{value:,}" for value in (least, most))
    assert f"possible at {low} to {high} for" in told.getvalue().replace("\n", " ")
