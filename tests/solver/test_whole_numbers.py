"""No number that the logic sees or adds up leaves 32 bits."""

from __future__ import annotations

from collections import defaultdict
from itertools import chain
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shardwright.solver.amounts import most_terms
from shardwright.solver.digits import Digits, digits_of
from shardwright.solver.facts import problem_facts
from shardwright.solver.problem import Problem
from tests.solver.making import LARGEST, cluster, integers, node, policy, problem_of, rows, shard

Json = dict[str, Any]
SIZES = (0, 1e-9, 0.001, 0.1, 1, 7.7, 1e6, 2**31 - 1, 2**31, 1e9, 1e12, 1e15)
size = st.sampled_from(SIZES)
wish = {"labels": {"region": "us"}, "weight": 1_000_000}
MOST = {"weight": 1_000_000}
POLICIES = [
    policy("even", "load_balancing", {"tolerance": 0}, **MOST),
    policy("regions", "load_balancing", {"over": "region", "max_utilization": 999_999}, **MOST),
    policy(
        "room", "load_balancing", {"headroom": {"of": "cpu", "per": "disk", "target": 1.7, **MOST}}, **MOST
    ),
    policy("fine", "load_balancing", {"headroom": {"of": "disk", "per": "cpu", "target": 0.333333333333}}),
    policy("bytes", "migration", {"minimize": "bytes"}, **MOST),
    policy("moves", "migration", {"minimize": "cost"}, **MOST),
    policy("cheap", "cost_optimization", {"minimize": "cost", "prefer": [wish]}, **MOST),
    policy("toll", "placement", {"strategy": "lowest_cost", "preferences": [wish]}, **MOST),
    policy("near", "placement", {"strategy": "nearest"}, **MOST),
    policy("count", "replication", {"min_replicas": 5, "per": {"region": {"us": 1_000_000}}}, **MOST),
    policy("few", "placement", {"constraints": {"max_per_node": 0}}, **MOST),
]


@st.composite
def snapshots(draw: st.DrawFn) -> Json:
    """A few nodes and shards of any size, from tiny to huge."""
    amounts = st.fixed_dictionaries({"cpu": size, "disk": size, "memory": size})
    nodes = [
        node(f"n{at}", "us", capacity=draw(amounts), cost_per_hour=draw(size)) for at in range(draw(count))
    ]
    shards = [shard(f"s{at}", "n0", load=draw(amounts), move_cost=draw(size)) for at in range(draw(count))]
    return made(nodes, shards, draw(size))


count = st.integers(1, 4)


def made(nodes: list[Json], shards: list[Json], latency: float = 2.5) -> Json:
    links = [{"from": "us", "to": "eu", "latency_ms": latency}]
    resources = {"cpu": {"transient": True}, "disk": {"transient": True}, "memory": {}}
    return cluster(nodes, shards, links=links) | {"resources": resources}


def programs(problem: Problem) -> list[Digits]:
    """Both attempts: nothing may be given up, and anything."""
    return [digits_of(problem, {}, strict=True), digits_of(problem, {})]


@settings(max_examples=60, deadline=None)
@given(snapshots())
def test_every_fact_fits(snapshot: Json) -> None:
    problem = problem_of(POLICIES, snapshot)
    texts = chain(problem_facts(problem, problem.rules), *(digits.facts() for digits in programs(problem)))
    assert max(map(abs, integers(texts))) <= LARGEST


@settings(max_examples=60, deadline=None)
@given(snapshots())
def test_every_sum_over_a_site_fits(snapshot: Json) -> None:
    """Replicas on a site, its limit and all digits of an excess, whatever their signs."""
    problem = problem_of(POLICIES, snapshot)
    for digits in programs(problem):
        worth: defaultdict[Any, int] = defaultdict(int)
        for digit in digits.digits:
            worth[digit.meter.rule, digit.meter.site.number, digit.meter.measure] += digit.size
        for meter in problem.meters:
            sizes = site_total(problem, meter) + worth[meter.rule, meter.site.number, meter.measure]
            assert sizes <= LARGEST
            assert abs(meter.limit) + site_total(problem, meter) <= LARGEST


def site_total(problem: Problem, meter: Any) -> int:
    """The sizes of all replicas that a site may hold, added up."""
    copies = np.minimum(problem.ceiling, len(meter.site.nodes))
    return int(np.dot(np.abs(problem.measures[meter.measure].weights), copies.astype(np.int64)))


@settings(max_examples=60, deadline=None)
@given(snapshots())
def test_every_level_fits(snapshot: Json) -> None:
    problem = problem_of(POLICIES, snapshot)
    for digits in programs(problem):
        totals: defaultdict[int, int] = defaultdict(int)
        for *_, level, cost in rows(digits.facts(), "bit_cost"):
            totals[level] += cost
        dearest: dict[tuple[int, int], int] = {}
        for rule, level, _, cost in rows(digits.facts(), "cost_at"):
            dearest[rule, level] = max(cost, dearest.get((rule, level), 0))
        for (rule, level), cost in dearest.items():
            totals[level] += cost * most_terms(problem, problem.rules[rule])
        assert max(totals.values()) <= LARGEST


@pytest.mark.parametrize("target", [10**12, 0.123456789012, 1e-9])
def test_any_headroom_target_keeps_its_sign(target: float) -> None:
    """What lacks headroom on empty nodes lacks it in whole numbers too."""
    snapshot = made([node("n0", "us", capacity={"cpu": 4, "disk": 9, "memory": 1})], [shard("s0", "n0")])
    room = {"headroom": {"of": "cpu", "per": "disk", "target": target}}
    problem = problem_of([policy("room", "load_balancing", room)], snapshot)
    limit = next(meter.limit for meter in problem.meters if problem.rules[meter.rule].policy == "room")
    assert (limit < 0) == (9 * target > 4)


def test_capacities_add_up_beyond_64_bits() -> None:
    """A region of nodes that are as good as boundless has room."""
    nodes = [node(f"n{at}", "us", capacity={"cpu": 1e18, "disk": 1, "memory": 1}) for at in range(40)]
    limit = policy("regions", "load_balancing", {"over": "region", "max_utilization": 90})
    problem = problem_of([limit], made(nodes, [shard("s0", "n0", load={"cpu": 0.5})]))
    assert min(meter.limit for meter in problem.meters) > 0
