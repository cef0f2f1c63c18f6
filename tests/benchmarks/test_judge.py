"""The judge of the benchmarks sees every kind of mistake, and its removal bound is one."""

from __future__ import annotations

import importlib
import random
from itertools import product
from typing import Any

import pytest

judge = importlib.import_module("judge")

Json = dict[str, Any]
ZONE = {"a": "z0", "b": "z1", "c": "z2", "d": "z0"}
RIGHT = {"s0": ["a", "b"], "s1": ["b", "c"], "s2": ["c", "d"]}
LOAD = {"s0": (2.0, 1.0), "s1": (3.0, 1.0), "s2": (1.0, 1.0)}


def snapshot(capacity: float = 5.0) -> Json:
    """Four nodes in three zones, three shards with two replicas each, placed as in RIGHT."""
    nodes = [
        {"id": name, "labels": {"zone": zone}, "capacity": {"cpu": capacity, "memory": capacity}}
        for name, zone in ZONE.items()
    ]
    shards = [
        {
            "id": name,
            "replicas": 2,
            "load": dict(zip(("cpu", "memory"), LOAD[name], strict=True)),
            "placement": [{"node": node} for node in where],
        }
        for name, where in RIGHT.items()
    ]
    return {"resources": {"cpu": {}, "memory": {}}, "nodes": nodes, "shards": shards}


def test_where_replicas_stand_today_nothing_is_wrong_and_nothing_moves() -> None:
    verdict = judge.judge(snapshot(), judge.start(snapshot()))
    assert (verdict.violations, verdict.moves) == (0, 0)
    # b holds 2 + 3 of 12 cpu on four nodes, 2 of 6 memory.
    assert verdict.balance == pytest.approx({"cpu": 5 / 3, "memory": 2 / 1.5})


@pytest.mark.parametrize(
    ("change", "misplaced", "moves"),
    [
        ({"s0": ["a"]}, 1, 0),  # one is missing
        ({"s0": ["a", "b", "c"]}, 1, 1),  # one too many
        ({"s0": ["a", "a"]}, 1, 1),  # two on one node
        ({"s0": ["a", "d"]}, 1, 1),  # two in one zone
        ({"s0": ["c", "b"]}, 0, 1),
        ({"s0": ["b", "a"]}, 0, 0),  # the order says nothing
        ({"s0": []}, 2, 0),
    ],
)
def test_misplaced_replicas_and_moves(change: Json, misplaced: int, moves: int) -> None:
    verdict = judge.judge(snapshot(100.0), RIGHT | change)
    assert (verdict.misplaced, verdict.overloaded, verdict.moves) == (misplaced, 0, moves)


def test_a_node_over_its_capacity_counts_once_whatever_it_has_too_much_of() -> None:
    assert judge.judge(snapshot(4.99), RIGHT).overloaded == 1
    assert judge.judge(snapshot(1.99), RIGHT).overloaded == 3
    assert judge.judge(snapshot(5.0), RIGHT).overloaded == 0


def test_no_placement_leaves_nodes_evener_with_fewer_moves_than_the_removal_bound() -> None:
    """On every placement of small clusters, whatever its zones."""
    for seed in range(10):
        case, pick = snapshot(), random.Random(seed)
        for shard in case["shards"]:
            shard["load"] = {"cpu": pick.randint(1, 9), "memory": pick.randint(1, 9)}
        limits = {"cpu": 1.5, "memory": 1.4}
        pairs = [list(pair) for pair in product(ZONE, repeat=2)]
        within = [
            judge.judge(case, dict(zip(RIGHT, chosen, strict=True))) for chosen in product(pairs, repeat=3)
        ]
        even = [
            verdict.moves
            for verdict in within
            if all(verdict.balance[name] <= limit + 1e-9 for name, limit in limits.items())
        ]
        assert judge.removal_bound(case, limits) <= min(even, default=6)


def test_the_removal_bound_takes_the_largest_first() -> None:
    assert judge.leaving([1, 5, 3], 9) == 0
    assert judge.leaving([1, 5, 3], 4) == 1
    assert judge.leaving([1, 5, 3], 3.9) == 2
