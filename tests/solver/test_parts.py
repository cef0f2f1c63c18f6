"""A conflict that one shard shows is found at any size, and is one of the whole cluster."""

from __future__ import annotations

from typing import Any

import shardwright

Json = dict[str, Any]
PINNED = [
    {
        "name": "in-us",
        "type": "placement",
        "enforcement": "required",
        "priority": 1,
        "scope": {"ids": ["s77"]},
        "actions": {"placement": {"constraints": {"region": "us"}}},
    },
    {
        "name": "two-regions",
        "type": "replication",
        "enforcement": "required",
        "priority": 2,
        "actions": {"replication": {"spread": {"by": "region", "max": 1}}},
    },
]


def test_one_shard_among_many_shows_the_conflict() -> None:
    nodes = [
        {"id": f"n{at}", "labels": {"region": "us" if at % 2 else "eu"}, "capacity": {"cpu": 100}}
        for at in range(12)
    ]
    shards = [{"id": f"s{at}", "load": {"cpu": 1}, "replicas": 2} for at in range(200)]
    snapshot = {"nodes": nodes, "shards": shards}
    result = shardwright.compile(PINNED).solve(snapshot, time_limit=60)
    assert result.status == "conflict"
    (conflict,) = result.conflicts
    assert conflict.minimal
    assert {cause.policy for cause in conflict.causes} == {"placed", "in-us", "two-regions"}
    for dropped in PINNED:
        rest = [policy for policy in PINNED if policy is not dropped]
        assert shardwright.compile(rest).solve(snapshot, time_limit=60).status in ("optimal", "feasible")


def test_a_shard_too_heavy_for_every_node_is_named() -> None:
    nodes = [{"id": f"n{at}", "capacity": {"cpu": 4}} for at in range(3)]
    shards: list[Json] = [{"id": f"s{at}", "load": {"cpu": 1}} for at in range(5)]
    shards.append({"id": "whale", "load": {"cpu": 9}})
    result = shardwright.compile([]).solve({"nodes": nodes, "shards": shards})
    assert result.status == "conflict"
    (conflict,) = result.conflicts
    assert {cause.policy for cause in conflict.causes} == {"placed", "capacity"}
    assert conflict.summary == "shard `whale` needs 9 cpu on one node, the largest takes 4 (`n0`)"
    assert result.best_effort is not None
    assert result.best_effort["whale"] == []


def test_more_load_than_all_nodes_take_is_seen_by_adding_up() -> None:
    nodes = [{"id": f"n{at}", "capacity": {"cpu": 10}} for at in range(12)]
    shards = [{"id": f"s{at}", "load": {"cpu": 0.7}, "replicas": 2} for at in range(200)]
    result = shardwright.compile([]).solve({"nodes": nodes, "shards": shards}, time_limit=6)
    assert result.status == "conflict"
    (conflict,) = result.conflicts
    assert conflict.minimal
    assert {cause.policy for cause in conflict.causes} == {"placed", "capacity"}
    assert "280 cpu" in conflict.summary
    assert "120" in conflict.summary
