"""A snapshot becomes columns, whatever order it was written in."""

from __future__ import annotations

import copy
import json
import random
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from shardwright.cluster.cluster import Cluster
from shardwright.cluster.document import to_document
from shardwright.cluster.load import cluster_from, load_cluster

Json = dict[str, Any]

SNAPSHOT: Json = {
    "version": "1.0",
    "name": "shop",
    "taken_at": "2026-11-01T00:00:00Z",
    "resources": {"cpu": {"unit": "cores"}, "disk": {"unit": "GiB", "transient": True}},
    "topology": ["region", "zone"],
    "nodes": [
        {
            "id": "n2",
            "labels": {"region": "west", "zone": "w2", "generation": 3, "spot": True},
            "capacity": {"cpu": 16, "disk": 100},
            "safe": {"cpu": 12},
            "metrics": {"cpu_usage": 42.5},
            "cost_per_hour": 1.2,
            "state": "draining",
        },
        {"id": "n1", "labels": {"region": "east", "zone": "e1"}, "capacity": {"disk": 50, "cpu": 8}},
    ],
    "shards": [
        {
            "id": "s2",
            "group": "orders",
            "labels": {"tier": "gold"},
            "replicas": 2,
            "load": {"cpu": 0.5, "disk": 10},
            "metrics": {"qps": 120},
            "move_cost": 3,
            "placement": [{"node": "n2", "role": "leader"}, {"node": "n1", "role": "follower"}],
        },
        {"id": "s1", "placement": [{"node": "n2"}]},
    ],
    "links": [
        {"from": "west", "to": "east", "latency_ms": 62, "cost_per_gb": 0.02},
        {"from": "west", "to": "north"},
    ],
    "metrics": {"budget_per_hour": 500, "season": "winter"},
}


@pytest.fixture
def cluster() -> Cluster:
    return cluster_from(SNAPSHOT)


def test_rows_are_sorted_by_id(cluster: Cluster) -> None:
    assert cluster.nodes.ids == ("n1", "n2")
    assert cluster.shards.ids == ("s1", "s2")


def test_numbers_are_in_columns_in_the_order_of_the_resources(cluster: Cluster) -> None:
    assert cluster.resources == ("cpu", "disk")
    assert (cluster.units, cluster.transient) == (("cores", "GiB"), (False, True))
    assert cluster.nodes.capacity.tolist() == [[8.0, 50.0], [16.0, 100.0]]
    assert cluster.shards.load.tolist() == [[0.0, 0.0], [0.5, 10.0]]
    assert cluster.nodes.safe[1, 0] == 12.0
    assert np.isnan(cluster.nodes.safe[0, 0])
    assert np.isnan(cluster.nodes.safe[1, 1])


def test_what_is_not_given_has_its_default(cluster: Cluster) -> None:
    assert cluster.nodes.state.values[cluster.nodes.state.codes[0]] == "active"
    assert cluster.shards.replicas.tolist() == [1, 2]
    assert cluster.shards.move_cost.tolist() == [1.0, 3.0]
    assert np.isnan(cluster.nodes.cost_per_hour[0])
    assert cluster.nodes.cost_per_hour[1] == 1.2
    assert cluster.shards.group.codes.tolist() == [-1, 0]
    assert np.isnan(cluster.nodes.metrics["cpu_usage"][0])


def test_label_values_are_stored_as_text(cluster: Cluster) -> None:
    labels = cluster.nodes.labels
    assert list(labels) == ["generation", "region", "spot", "zone"]
    assert labels["generation"].values == ("3",)
    assert labels["spot"].values == ("true",)
    assert labels["spot"].codes.tolist() == [-1, 0]


@pytest.mark.parametrize(
    ("value", "text"), [(3, "3"), (3.0, "3"), (0.5, "0.5"), (False, "false"), ("3", "3")]
)
def test_a_label_value_is_spelled_as_in_json(value: object, text: str) -> None:
    cluster = cluster_from({"nodes": [{"id": "n", "labels": {"key": value}}]})
    assert cluster.nodes.labels["key"].values == (text,)


def test_one_and_true_are_different_label_values() -> None:
    nodes = [{"id": "a", "labels": {"key": 1}}, {"id": "b", "labels": {"key": True}}]
    assert cluster_from({"nodes": nodes}).nodes.labels["key"].values == ("1", "true")


def test_a_placement_is_sorted_by_shard_node_and_role(cluster: Cluster) -> None:
    settled = cluster.settled
    assert settled.roles == ("", "leader", "follower")
    rows = list(zip(settled.shard.tolist(), settled.node.tolist(), settled.role.tolist(), strict=True))
    assert rows == [(0, 1, 0), (1, 0, 2), (1, 1, 1)]


def test_a_node_named_twice_is_kept_for_the_logic_to_judge() -> None:
    shard = {"id": "s", "placement": [{"node": "n"}, {"node": "n"}]}
    assert cluster_from({"nodes": [{"id": "n"}], "shards": [shard]}).settled.node.tolist() == [0, 0]


def test_links_and_metrics_are_sorted(cluster: Cluster) -> None:
    assert [(link.target, link.latency_ms) for link in cluster.links] == [("east", 62.0), ("north", None)]
    assert cluster.metrics == {"budget_per_hour": 500.0, "season": "winter"}


def test_without_resources_those_that_appear_count() -> None:
    nodes = [{"id": "n", "capacity": {"memory": 1, "cpu": 1}, "safe": {"disk": 1}}]
    assert cluster_from({"nodes": nodes}).resources == ("cpu", "disk", "memory")


def test_without_a_topology_the_usual_labels_that_appear_count() -> None:
    nodes = [{"id": "n", "labels": {"rack": "r", "region": "x", "color": "red"}}]
    assert cluster_from({"nodes": nodes}).topology == ("region", "rack")


def test_an_empty_cluster_is_a_cluster() -> None:
    cluster = cluster_from({})
    assert (cluster.nodes.ids, cluster.shards.ids, cluster.resources) == ((), (), ())
    assert cluster.nodes.capacity.shape == (0, 0)
    assert len(cluster.settled.shard) == 0
    assert cluster.hash == cluster_from({"nodes": [], "shards": [], "version": "1.0"}).hash


def _shuffled(value: Any, chance: random.Random, key: str = "") -> Any:
    """The same document with every list but the topology, and every object, in another order."""
    if isinstance(value, dict):
        keys = chance.sample(list(value), len(value))
        return {name: _shuffled(value[name], chance, name) for name in keys}
    if isinstance(value, list) and key != "topology":
        return [_shuffled(item, chance) for item in chance.sample(value, len(value))]
    return value


@pytest.mark.parametrize("seed", range(10))
def test_order_changes_nothing(seed: int, cluster: Cluster) -> None:
    other = cluster_from(_shuffled(SNAPSHOT, random.Random(seed)))
    assert other.hash == cluster.hash
    assert to_document(other) == to_document(cluster)


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("name",), "other"),
        (("taken_at",), "2026-11-02T00:00:00Z"),
        (("topology",), ["zone", "region"]),
        (("resources", "cpu", "unit"), "milli"),
        (("resources", "cpu", "transient"), True),
        (("nodes", 0, "labels", "zone"), "w3"),
        (("nodes", 0, "state"), "active"),
        (("nodes", 0, "safe", "cpu"), 11),
        (("nodes", 0, "metrics", "cpu_usage"), 42.6),
        (("shards", 0, "group"), None),
        (("shards", 0, "replicas"), 3),
        (("shards", 0, "load", "cpu"), 0.50001),
        (("shards", 0, "placement", 0, "role"), "follower"),
        (("shards", 1, "id"), "s3"),
        (("links", 1, "latency_ms"), 1),
        (("metrics", "season"), "summer"),
    ],
)
def test_the_hash_is_over_everything_that_is_said(
    path: tuple[Any, ...], value: Any, cluster: Cluster
) -> None:
    changed = copy.deepcopy(SNAPSHOT)
    inner: Any = changed
    for token in path[:-1]:
        inner = inner[token]
    inner[path[-1]] = value
    assert cluster_from(changed).hash != cluster.hash


def test_the_hash_stays_the_same_from_release_to_release(cluster: Cluster) -> None:
    assert cluster_from({}).hash == "911267cb5292b07400a97ac1270e9a923162b1273774eb618a2f148fc90414e1"


def test_numbers_that_are_equal_give_equal_hashes() -> None:
    first, second = ({"nodes": [{"id": "n", "cost_per_hour": cost}]} for cost in (0, -0.0))
    assert cluster_from(first).hash == cluster_from(second).hash


def test_a_cluster_gives_its_document_back(cluster: Cluster, tmp_path: Path) -> None:
    document = to_document(cluster)
    assert cluster_from(document).hash == cluster.hash
    path = tmp_path / "cluster.json"
    path.write_text(json.dumps(document))
    assert load_cluster(path).hash == cluster.hash
    assert document["shards"][1] == {
        "id": "s2",
        "group": "orders",
        "labels": {"tier": "gold"},
        "load": {"cpu": 0.5, "disk": 10.0},
        "metrics": {"qps": 120.0},
        "replicas": 2,
        "move_cost": 3.0,
        "placement": [{"node": "n1", "role": "follower"}, {"node": "n2", "role": "leader"}],
    }


def test_a_byte_order_mark_does_no_harm(tmp_path: Path) -> None:
    path = tmp_path / "cluster.json"
    path.write_bytes(b"\xef\xbb\xbf" + json.dumps(SNAPSHOT).encode())
    assert load_cluster(path).hash == cluster_from(SNAPSHOT).hash


def test_json_lines_give_the_same_cluster(cluster: Cluster, tmp_path: Path) -> None:
    head = {key: value for key, value in SNAPSHOT.items() if key not in ("nodes", "shards")}
    rows = [
        head,
        *({"shard": row} for row in SNAPSHOT["shards"]),
        *({"node": row} for row in SNAPSHOT["nodes"]),
    ]
    path = tmp_path / "cluster.jsonl"
    path.write_text("\n".join(map(json.dumps, rows)) + "\n\n")
    assert load_cluster(path).hash == cluster.hash


def test_an_empty_json_lines_file_is_an_empty_cluster(tmp_path: Path) -> None:
    (tmp_path / "cluster.ndjson").write_text("")
    assert load_cluster(tmp_path / "cluster.ndjson").hash == cluster_from({}).hash
