"""The generator writes the clusters that the benchmarks speak of."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from shardwright.cluster.load import load_cluster
from shardwright.policies.load import load_policies

SCRIPT = Path(__file__).parents[2] / "benchmarks" / "generate.py"

Json = dict[str, Any]


def generate(folder: Path, **options: object) -> tuple[Path, str]:
    """The file and what was said on stderr."""
    chosen = {
        "shards": 1000,
        "replicas": 3,
        "nodes": 50,
        "zones": 5,
        "seed": 1,
        "output": folder / "out.json",
    }
    words = [f"--{key}={value}" for key, value in (chosen | options).items()]
    run = subprocess.run([sys.executable, str(SCRIPT), *words], capture_output=True, text=True, check=True)
    return folder / "out.json", run.stderr


def used(document: Json, resource: str) -> Counter[str]:
    load: Counter[str] = Counter()
    for shard in document["shards"]:
        for replica in shard["placement"]:
            load[replica["node"]] += shard["load"][resource]
    return load


@pytest.mark.parametrize("loads", ["lognormal", "unit"])
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_generated_cluster_is_skewed_and_spread(loads: str, seed: int, tmp_path: Path) -> None:
    path, said = generate(tmp_path, loads=loads, seed=seed)
    document = json.loads(path.read_text())
    zone = {node["id"]: node["labels"]["zone"] for node in document["nodes"]}
    for shard in document["shards"]:
        assert len({zone[replica["node"]] for replica in shard["placement"]}) == 3
    overloaded = set()
    for resource in document["resources"]:
        load = used(document, resource)
        capacities = {node["capacity"][resource] for node in document["nodes"]}
        mean = sum(load.values()) / 50
        assert len(capacities) == 1
        assert capacities.pop() == pytest.approx(1.3 * mean, abs=1 if loads == "unit" else 0.01)
        assert sum(node not in load for node in zone) == 2
        overloaded |= {
            node["id"] for node in document["nodes"] if load[node["id"]] > node["capacity"][resource]
        }
    assert 10 <= len(overloaded) <= 20
    assert said == f"{len(overloaded) / 50:.1%} of the nodes are overloaded\n"


def test_unit_loads_take_one_slot_each(tmp_path: Path) -> None:
    document = json.loads(generate(tmp_path, loads="unit")[0].read_text())
    assert {json.dumps(shard["load"]) for shard in document["shards"]} == {'{"slots": 1.0}'}


def test_the_seed_decides(tmp_path: Path) -> None:
    first, again = (generate(tmp_path)[0].read_bytes() for _ in range(2))
    assert first == again
    assert generate(tmp_path, seed=2)[0].read_bytes() != first


def test_the_policies_that_go_with_it(tmp_path: Path) -> None:
    generate(tmp_path, policies=tmp_path / "policies.json")
    policies, problems = load_policies([tmp_path / "policies.json"])
    assert problems == []
    assert [policy.name for policy in policies.policies] == ["zone-spread"]


def test_more_replicas_than_zones_are_refused(tmp_path: Path) -> None:
    with pytest.raises(subprocess.CalledProcessError) as caught:
        generate(tmp_path, zones=2)
    assert "1 <= replicas <= zones <= nodes" in caught.value.stderr


@pytest.mark.alone
def test_100_000_shards_load_in_seconds(tmp_path: Path) -> None:
    path, _ = generate(tmp_path, shards=100_000, nodes=1000)
    start = time.perf_counter()
    cluster = load_cluster(path)
    # About 1 s on an idle machine; the bound is for a busy one.
    assert time.perf_counter() - start < 8
    assert len(cluster.settled.shard) == 300_000
