"""Pods of a GPU cluster as shards: what happens when the only model that some of them accept is taken away.

    python benchmarks/openb.py --write DIR                   # 1,523 nodes, the first 1,000 pods
    shardwright conflicts --policies DIR/policies.json --cluster DIR/cluster.json

Writes a snapshot, and policies: one for each list of GPU models that pods accept (`gpu_spec`), and one that
takes a model away. The tables are openb_node_list_all_node.csv and
openb_pod_list_gpuspec33.csv of the Alibaba GPU trace of 2023, in ../shared/bench/openb or in `--tables`.
"""

from __future__ import annotations

import argparse
import csv
import json
import sys
from pathlib import Path
from typing import Any

TABLES = Path(__file__).resolve().parent.parent.parent / "shared" / "bench" / "openb"
NODES, PODS = "openb_node_list_all_node.csv", "openb_pod_list_gpuspec33.csv"
MILLI = 1000

Json = dict[str, Any]
Row = dict[str, str]


def table(path: Path) -> list[Row]:
    with path.open(newline="") as file:
        return list(csv.DictReader(file))


def node(row: Row) -> Json:
    capacity = {
        "cpu": int(row["cpu_milli"]) / MILLI,
        "memory": int(row["memory_mib"]),
        "gpu": int(row["gpu"]),
    }
    labels = {"model": row["model"]} if row["model"] else {}
    return {"id": row["sn"], "labels": labels, "capacity": capacity}


def pod(row: Row) -> Json:
    """A part of a GPU is `gpu_milli` of one."""
    gpu = int(row["num_gpu"]) * int(row["gpu_milli"]) / MILLI
    load = {"cpu": int(row["cpu_milli"]) / MILLI, "memory": int(row["memory_mib"]), "gpu": gpu}
    labels = {"accepts": "-or-".join(models(row))} if row["gpu_spec"] else {}
    return {"id": row["name"], "labels": labels, "load": {key: size for key, size in load.items() if size}}


def models(row: Row) -> list[str]:
    """The GPU models that a pod accepts; a list may name one twice."""
    return sorted(set(row["gpu_spec"].split("|")))


def snapshot(nodes: list[Row], pods: list[Row]) -> Json:
    return {
        "version": "1.0",
        "name": f"openb-{len(nodes)}x{len(pods)}",
        "resources": {"cpu": {"unit": "cores"}, "memory": {"unit": "MiB"}, "gpu": {}},
        "topology": [],
        "nodes": [node(row) for row in nodes],
        "shards": [pod(row) for row in pods],
    }


def policies(pods: list[Row], without: str | None) -> list[Json]:
    lists = sorted({tuple(models(row)) for row in pods if row["gpu_spec"]})
    stated = [
        rule(
            f"accepts-{'-or-'.join(accepted).lower()}",
            f"Pods that run on {' or '.join(accepted)} only",
            {"accepts": "-or-".join(accepted)},
            {"labels": {"model": list(accepted)}},
        )
        for accepted in lists
    ]
    if without is not None:
        text = f"The {without} nodes are being retired: no pod that asks for a GPU model goes there"
        left = {"labels": {"model": {"not_in": [without]}}}
        stated.append(rule(f"retire-{without.lower()}", text, {"accepts": {"exists": True}}, left))
    return stated


def rule(name: str, description: str, scope: Json, constraints: Json) -> Json:
    return {
        "version": "1.0",
        "name": name,
        "description": description,
        "type": "placement",
        "priority": 2 if name.startswith("retire") else 1,
        "enforcement": "required",
        "scope": {"shards": scope},
        "actions": {"placement": {"constraints": constraints}},
    }


def main() -> int:
    parser = argparse.ArgumentParser(description="Pods of a GPU cluster, and a model that is taken away.")
    parser.add_argument("--tables", type=Path, default=TABLES, metavar="DIR", help="where the two tables are")
    parser.add_argument("--pods", type=int, default=1000, help="the first so many")
    parser.add_argument(
        "--without", default="P100", metavar="MODEL", help="this model is taken away; '' for none"
    )
    parser.add_argument("--write", type=Path, required=True, metavar="DIR", help="where to write")
    given = parser.parse_args()
    if not given.tables.is_dir():
        print(f"skipped: {given.tables} is not there (--tables names another folder)", file=sys.stderr)
        return 0
    nodes, pods = table(given.tables / NODES), table(given.tables / PODS)[: given.pods]
    given.write.mkdir(parents=True, exist_ok=True)
    stated = policies(pods, given.without or None)
    (given.write / "cluster.json").write_text(json.dumps(snapshot(nodes, pods), indent=1))
    (given.write / "policies.json").write_text(json.dumps(stated, indent=2))
    return 0


if __name__ == "__main__":
    sys.exit(main())
