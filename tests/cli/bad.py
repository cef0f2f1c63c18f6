"""Runs the command as a process of its own, as an operator's shell would, beside a small cluster."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

COMMAND = (sys.executable, "-m", "shardwright")
SOLVE = ("solve", "--policies", "policy.json", "--cluster", "cluster.json")
POLICY: dict[str, Any] = {
    "name": "spread-zones",
    "description": "One replica in a zone",
    "type": "replication",
    "priority": 1,
    "enforcement": "required",
    "actions": {"replication": {"spread": {"by": "zone", "max": 1}}},
}


def small() -> dict[str, Any]:
    """Three nodes in three zones, three shards with two replicas each."""
    nodes = [{"id": f"n{at}", "labels": {"zone": f"z{at}"}, "capacity": {"cpu": 10}} for at in range(3)]
    shards = [{"id": f"s{at}", "replicas": 2, "load": {"cpu": 1}} for at in range(3)]
    return {"resources": {"cpu": {}}, "nodes": nodes, "shards": shards}


def large() -> dict[str, Any]:
    """Room for everything, yet more than can be proven within the tests' patience."""
    nodes = [
        {"id": f"n{at}", "labels": {"zone": f"z{at % 6}"}, "capacity": {"cpu": 500}} for at in range(100)
    ]
    shards = [{"id": f"s{at}", "replicas": 3, "load": {"cpu": 1 + at * 7 % 5}} for at in range(4000)]
    return {"resources": {"cpu": {}}, "nodes": nodes, "shards": shards}


def put(folder: Path, policy: object = POLICY, cluster: object = None) -> None:
    """policy.json and cluster.json in a folder."""
    (folder / "policy.json").write_text(json.dumps(policy))
    (folder / "cluster.json").write_text(json.dumps(small() if cluster is None else cluster))


def run(folder: Path, *arguments: str, timeout: float = 60, **how: Any) -> subprocess.CompletedProcess[str]:
    """The finished process; what it prints must be UTF-8."""
    how = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, **how}
    return subprocess.run(
        [*COMMAND, *arguments], cwd=folder, encoding="utf-8", timeout=timeout, check=False, **how
    )


def shell(folder: Path, script: str, timeout: float = 60) -> subprocess.CompletedProcess[str]:
    """A script for bash, in which `$SW` is the command."""
    words = ["bash", "-c", f"SW='{' '.join(COMMAND)}'; {script}"]
    return subprocess.run(
        words, cwd=folder, capture_output=True, encoding="utf-8", timeout=timeout, check=False
    )
