"""The clusters of the benchmarks, written to a folder with the policies that go with them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import generate
import orjson

REPLICAS = 3
ZONES = 5

Json = dict[str, Any]


@dataclass(frozen=True)
class Case:
    """A snapshot as a document and as a file."""

    name: str
    document: Json
    cluster: Path
    overloaded: float


def write(folder: Path, shards: int, nodes: int, seed: int, loads: str = "lognormal") -> Case:
    """The cluster that `generate.py` makes of these numbers."""
    made = generate.generate(shards, REPLICAS, nodes, ZONES, loads, seed)
    name = f"{shards}x{REPLICAS}-on-{nodes}-seed-{seed}"
    document = generate.snapshot(made, name)
    path = folder / f"{name}.json"
    path.write_bytes(orjson.dumps(document))
    return Case(name, document, path, made.overloaded)


def policies(folder: Path, even: Mapping[str, float] | None = None) -> Path:
    """Zones apart and, where told, each resource even within so many percent above the mean."""
    documents = [*generate.policies(), *(even_load(name, within) for name, within in (even or {}).items())]
    path = folder / "policies.json"
    path.write_text(json.dumps(documents, indent=2))
    return path


def even_load(resource: str, tolerance: float) -> Json:
    return {
        "version": "1.0",
        "name": f"even-{resource}",
        "description": f"No node has more than its share of {resource}",
        "type": "load_balancing",
        "priority": 2,
        "actions": {"load_balancing": {"resources": [resource], "tolerance": tolerance}},
    }
