"""Small clusters and hand-made answers for the report's tests."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from shardwright.cluster.cluster import Cluster
from shardwright.cluster.load import cluster_from
from shardwright.solver.result import Cause, Certificate, Level, Move, Placement, Result


def small_cluster() -> Cluster:
    """Three nodes in two zones; s1 and s2 crowd n1, s3 is new."""
    return cluster_from(
        {
            "resources": {"cpu": {"unit": "cores"}, "memory": {"unit": "GiB"}},
            "topology": ["region", "zone"],
            "nodes": [_node("n1", "a"), _node("n2", "b"), _node("n3", "b") | {"state": "draining"}],
            "shards": [_shard("s1", 6, "n1"), _shard("s2", 5, "n1"), _shard("s3", 2)],
        }
    )


def large_cluster(nodes: int = 60, zones: int = 3) -> Cluster:
    """Nodes n00, n01, ... of zones in turn, one shard on each, later ones heavier."""
    ids = [f"n{at:02}" for at in range(nodes)]
    return cluster_from(
        {
            "resources": {"cpu": {}},
            "topology": ["zone"],
            "nodes": [
                {"id": node, "labels": {"zone": f"z{at % zones}"}, "capacity": {"cpu": 100}}
                for at, node in enumerate(ids)
            ],
            "shards": [
                {"id": f"s{at:02}", "load": {"cpu": at}, "placement": [{"node": node}]}
                for at, node in enumerate(ids)
            ],
        }
    )


def _node(name: str, zone: str) -> dict[str, Any]:
    return {"id": name, "labels": {"region": "eu", "zone": zone}, "capacity": {"cpu": 10, "memory": 64}}


def _shard(name: str, cpu: float, node: str | None = None) -> dict[str, Any]:
    placement = [{"node": node}] if node else []
    return {"id": name, "load": {"cpu": cpu, "memory": 16}, "placement": placement}


def placed(**nodes: str) -> Placement:
    """`placed(s1="n1 n2")`."""
    return {shard: [{"node": node, "role": ""} for node in held.split()] for shard, held in nodes.items()}


def answer(**changes: Any) -> Result:
    """An optimal answer to `small_cluster`, with changes."""
    return replace(
        Result(
            status="optimal",
            strategy="exact",
            reason_for_strategy="about 40 ground rules",
            placement=placed(s1="n1", s2="n2", s3="n2"),
            moves=[Move("s2", "n1", "n2"), Move("s3", None, "n2")],
            levels=[
                Level(1, 0, "capacity", "capacity", 0, 0),
                Level(3, 0, "fewest_moves", "fewest_moves", 1, 1),
            ],
            gave_up=[],
            not_applied=[],
            conflicts=[],
            certificate=Certificate(True, [], {"1/0": 0, "3/0": 1}, 1234, 0.04),
            best_effort=None,
            seed=1,
            policies_hash="p",
            cluster_hash="c",
            scale={"cpu": 1, "memory": 1},
            statistics={},
            limits=[],
            timings={"parse": 0.01, "ground": 0.02, "search": 0.5, "certify": 0.04},
        ),
        **changes,
    )


def cause(policy: str, line: int | None, column: int | None, text: str) -> Cause:
    """A cause in pin.json, or a built-in where no line is given."""
    file = "pin.json" if line else None
    return Cause(
        policy, None, "/actions/placement/constraints/node" if line else "", file, line, column, text
    )
