"""A placement from outside is read onto the rows of a cluster."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from shardwright.cluster.cluster import Cluster
from shardwright.cluster.load import cluster_from
from shardwright.cluster.placement import load_placement
from tests.cluster.telling import helps, line, told


@pytest.fixture
def cluster() -> Cluster:
    nodes = [{"id": name} for name in ("node-3", "node-1", "node-2")]
    return cluster_from({"nodes": nodes, "shards": [{"id": "orders"}, {"id": "carts"}]})


def test_replicas_are_rows_of_the_cluster(cluster: Cluster) -> None:
    given = {"orders": [{"node": "node-3", "role": "leader"}, "node-1"]}
    shard, node, role, roles = load_placement({"placement": given}, cluster)
    assert (shard.tolist(), node.tolist()) == ([1, 1], [0, 2])
    assert [roles[code] for code in role] == ["", "leader"]
    assert {shard.dtype.name, node.dtype.name, role.dtype.name} == {"int32"}


def test_shards_left_out_have_no_replicas(cluster: Cluster) -> None:
    assert len(load_placement({"placement": {}}, cluster).shard) == 0


def test_a_result_file_is_read_whatever_else_it_says(cluster: Cluster, tmp_path: Path) -> None:
    path = tmp_path / "result.json"
    path.write_text(
        json.dumps({"status": "optimal", "placement": {"carts": [{"node": "node-2"}]}, "seed": 1})
    )
    placed = load_placement(path, cluster)
    assert (placed.shard.tolist(), placed.node.tolist()) == ([0], [1])
    assert load_placement(str(path), cluster).node.tolist() == [1]


def test_a_role_of_ones_own_follows_the_known_ones(cluster: Cluster) -> None:
    given = {"carts": [{"node": "node-2", "role": "witness"}]}
    assert load_placement({"placement": given}, cluster).roles == ("", "leader", "follower", "witness")


def test_unknown_shards_and_nodes_are_told_together(cluster: Cluster, tmp_path: Path) -> None:
    path = tmp_path / "placement.json"
    path.write_text('{"placement": {"order": ["node-1"], "carts": [{"node": "node-9"}, "else"]}}')
    diagnostics = told(lambda: load_placement(path, cluster))
    assert [line(diagnostic) for diagnostic in diagnostics] == [
        'E2503 1:16 /placement/order ["order"] `order` is not a shard of the snapshot',
        'E2501 1:56 /placement/carts/0/node ["node-9"] '
        "shard `carts` is placed on `node-9`, which is not a node of the snapshot",
        'E2501 1:67 /placement/carts/1 ["else"] '
        "shard `carts` is placed on `else`, which is not a node of the snapshot",
    ]
    assert helps(diagnostics[0]) == ["did you mean `orders`?"]
    assert helps(diagnostics[1]) == ["did you mean `node-1`?"]


@pytest.mark.parametrize(
    ("document", "message"),
    [
        ({"status": "conflict", "placement": None}, "`placement` must be an object, not `null`"),
        ({}, "a placement must have `placement`"),
        ({"placement": {"carts": [3]}}, "an item of `carts` must be an object or a text, not `3`"),
        ({"placement": {"carts": [{"nod": "node-1"}]}}, "a replica must have `node`"),
    ],
)
def test_a_wrong_shape_is_told(document: dict[str, object], message: str, cluster: Cluster) -> None:
    assert message in [diagnostic.message for diagnostic in told(lambda: load_placement(document, cluster))]


def test_one_shard_among_many_is_still_suggested() -> None:
    shards = [{"id": f"shard-{at}"} for at in range(5_000)]
    cluster = cluster_from({"shards": shards})
    (diagnostic,) = told(lambda: load_placement({"placement": {"shard_77": []}}, cluster))
    assert helps(diagnostic) == ["did you mean `shard-77`?"]
