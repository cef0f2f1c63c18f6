"""Costs beyond 2^31 are exact in the certificate, and never make an answer look better than it is."""

from __future__ import annotations

from typing import Any

import pytest

import shardwright
from tests.reference.judge import judge
from tests.reference.solve import solve
from tests.solver.making import bounds, cluster, costs, node, policy, shard, solved

Json = dict[str, Any]
MILLION = 1_000_000
HEAVY = {"weight": MILLION}


def nodes(**more: Any) -> list[Json]:
    return [node(f"n{at}", "us" if at % 2 else "eu", **more) for at in range(4)]


def shards(**more: Any) -> list[Json]:
    return [shard(f"s{at}", "n0", **more) for at in range(3)]


def prefers(region: str, weight: int) -> Json:
    return {"preferences": [{"labels": {"region": region}, "weight": weight}]}


BIG = nodes(capacity={"cpu": MILLION})
LOADED = shards(load={"cpu": 400_000})
PRICED = [one | {"cost_per_hour": MILLION + at / 100} for at, one in enumerate(nodes())]
COSTLY = [shard(f"s{at}", "n0", move_cost=10 ** (4 * at)) for at in range(3)]
LINK = [{"from": "us", "to": "eu", "latency_ms": 123456.78}]
NEAR = {"strategy": "nearest", "constraints": {"latency": {"from": "us", "max_ms": 10**9}}}
AWAY = policy("away", "migration", {"leave": {"region": "eu"}}, enforcement="required")

CASES: dict[str, tuple[list[Json], Json]] = {
    "wishes of the same weight": (
        [policy("p", "placement", prefers("us", MILLION), **HEAVY)],
        cluster(nodes(), shards()),
    ),
    "wishes of very different weights": (
        [
            policy("p", "placement", prefers("us", MILLION), **HEAVY),
            policy("q", "placement", prefers("eu", 3)),
        ],
        cluster(nodes(), shards()),
    ),
    "aversions": (
        [
            policy("p", "placement", prefers("us", -MILLION) | {"applies_to": "all"}, **HEAVY),
            policy("q", "placement", prefers("eu", -MILLION) | {"applies_to": "all"}, weight=MILLION - 1),
        ],
        cluster(nodes(), shards()),
    ),
    "prices": (
        [policy("p", "placement", {"strategy": "lowest_cost"}, **HEAVY)],
        cluster(PRICED, shards()),
    ),
    "distances": ([policy("p", "placement", NEAR, **HEAVY)], cluster(nodes(), shards(), links=LINK)),
    "costs of moves": (
        [policy("p", "migration", {"minimize": "cost"}, **HEAVY), AWAY],
        cluster(nodes(), COSTLY),
    ),
    "headroom": (
        [
            policy(
                "p",
                "load_balancing",
                {"headroom": [{"of": "memory", "per": "cpu", "target": 1.7, **HEAVY}]},
                **HEAVY,
            )
        ],
        cluster(nodes(), shards()),
    ),
    "counts": (
        [policy("p", "replication", {"per": {"region": {"us": 10_000}}}, **HEAVY)],
        cluster(nodes(), shards()),
    ),
    "loads over a limit": (
        [policy("p", "load_balancing", {"max_utilization": 10}, **HEAVY)],
        cluster(BIG, LOADED),
    ),
    "uneven loads": (
        [policy("p", "load_balancing", {"tolerance": 0}, **HEAVY)],
        cluster([one | {"capacity": {"cpu": MILLION * (at + 1)}} for at, one in enumerate(nodes())], LOADED),
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_a_bound_is_never_above_the_optimum(name: str) -> None:
    """And the answer is called optimal only if it is."""
    policies, snapshot = CASES[name]
    result, best = solved(policies, snapshot), solve(policies, snapshot)
    assert best is not None
    found, below = costs(result.levels), bounds(result.levels)
    least = {level: best.costs.get(level, 0) for level in found}
    assert list(below.values()) <= list(least.values()) <= list(found.values())
    assert all(bound <= cost for bound, cost in zip(below.values(), found.values(), strict=True))
    assert result.status == "feasible" or found == least


@pytest.mark.parametrize("name", CASES)
def test_a_certificate_adds_up_in_whole_numbers(name: str) -> None:
    """Plain arithmetic of the reference, whatever the size."""
    policies, snapshot = CASES[name]
    placement = {"s0": ["n0", "n1"], "s1": ["n0", "n2"], "s2": ["n0"]}
    replicas = {shard: [{"node": name} for name in names] for shard, names in placement.items()}
    certification = shardwright.compile(policies).certify(snapshot, replicas)
    expected = judge(policies, snapshot, placement).costs
    assert {level: cost for level, cost in costs(certification.levels).items() if cost} == {
        level: cost for level, cost in expected.items() if cost
    }


def test_a_level_beyond_2_to_the_31_is_certified_exactly() -> None:
    """Four replicas off the wish cost a million times a million each."""
    policies = [policy("p", "placement", prefers("us", MILLION), **HEAVY)]
    snapshot = cluster(nodes(), [shard(f"s{at}", "n0") for at in range(4)])
    replicas = {f"s{at}": [{"node": "n0"}] for at in range(4)}
    assert shardwright.compile(policies).certify(snapshot, replicas).terms["4/1"] == 4 * 10**12


def test_more_replicas_than_anybody_wants_are_added_up() -> None:
    """Ten nodes of one region, each with a shard that alone comes near the limit of totals."""
    many = [node(f"n{at}", "us", capacity={"cpu": 1e9}) for at in range(10)]
    snapshot = cluster(many, [shard("s", "n0", load={"cpu": 536_870_000})])
    limit = policy("p", "load_balancing", {"over": "region", "max_utilization": 20})
    everywhere = {"s": [{"node": f"n{at}"} for at in range(10)]}
    gave_up = shardwright.compile([limit]).certify(snapshot, everywhere).gave_up
    assert [item.what for item in gave_up] == ["region `us` is over its limit of 2e+09 cpu by 3.3687e+09"]


def test_bytes_of_very_different_resources_still_say_which_move_is_small() -> None:
    """One shard has to leave: the one that copies less does."""
    two = [
        shard("s0", "n0", load={"cpu": 6, "memory": 5e8}),
        shard("s1", "n0", load={"cpu": 6.5, "disk": 1e-4}),
    ]
    resources = {"cpu": {}, "memory": {"transient": True}, "disk": {"transient": True}}
    room = {"capacity": {"cpu": 10, "memory": 1e9, "disk": 1}}
    snapshot = cluster(nodes(**room), two) | {"resources": resources}
    result = solved([policy("p", "migration", {"minimize": "bytes"})], snapshot)
    assert [move.shard for move in result.moves] == ["s1"]
