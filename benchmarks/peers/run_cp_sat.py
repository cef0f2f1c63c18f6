"""OR-Tools CP-SAT on a snapshot; runs in its own environment and knows nothing of Shardwright.

    python run_cp_sat.py '{"cluster": ..., "answer": ..., "seconds": 120, "workers": 2, "limits": {...}}'

Fewest moves such that zones stay apart and every node keeps within its capacity and, where `limits` tells,
within a multiple of the mean ({"cpu": 1.02}). Writes {"placement": {shard: [nodes]} (empty if none was
found), "status", "bound", "timings", "progress": [[seconds, moves, bound], ...]}.
"""

from __future__ import annotations

import json
import math
import sys
import time
from collections import defaultdict
from pathlib import Path
from typing import Any

from ortools.sat.python import cp_model

Json = dict[str, Any]

SCALE = 100  # loads have two decimals


class Progress(cp_model.CpSolverSolutionCallback):
    """Every better placement with its time."""

    def __init__(self, started: float) -> None:
        super().__init__()
        self.started = started
        self.seen: list[tuple[float, int, int]] = []

    def on_solution_callback(self) -> None:
        moves, bound = round(self.objective_value), math.ceil(self.best_objective_bound - 1e-6)
        self.seen.append((time.monotonic() - self.started, moves, bound))


def main() -> None:
    started = time.monotonic()
    given = json.loads(sys.argv[1])
    document = json.loads(Path(given["cluster"]).read_text())
    model, place = problem(document, given.get("limits", {}))
    solver = cp_model.CpSolver()
    solver.parameters.max_time_in_seconds = given["seconds"]
    solver.parameters.num_workers = given.get("workers", 0)
    built = time.monotonic()
    progress = Progress(started)
    status = solver.solve(model, progress)
    answer = {
        "placement": placement(solver, document, place) if progress.seen else {},
        "status": solver.status_name(status),
        "bound": math.ceil(solver.best_objective_bound - 1e-6),
        "timings": {"build": built - started, "solve": time.monotonic() - built},
        "progress": progress.seen,
    }
    Path(given["answer"]).write_text(json.dumps(answer))


def problem(document: Json, limits: Json) -> tuple[Any, list[list[Any]]]:
    """place[shard][node] is whether a replica stands there; today's placement is the hint."""
    model = cp_model.CpModel()
    nodes, shards = document["nodes"], document["shards"]
    place = [[model.new_bool_var("") for _ in nodes] for _ in shards]
    by_zone: dict[str, list[int]] = defaultdict(list)
    for at, node in enumerate(nodes):
        by_zone[node["labels"]["zone"]].append(at)
    for shard, row in zip(shards, place, strict=True):
        model.add(sum(row) == shard["replicas"])
        for members in by_zone.values():
            model.add_at_most_one(row[at] for at in members)
    for resource in document["resources"]:
        loads = [round(shard["load"][resource] * SCALE) for shard in shards]
        for at, limit in enumerate(limits_of(document, resource, limits)):
            model.add(sum(load * row[at] for load, row in zip(loads, place, strict=True)) <= limit)
    number = {node["id"]: at for at, node in enumerate(nodes)}
    settled = []
    for shard, row in zip(shards, place, strict=True):
        here = {number[replica["node"]] for replica in shard["placement"]}
        settled += [row[at] for at in sorted(here)]
        for at, variable in enumerate(row):
            model.add_hint(variable, at in here)
    model.minimize(len(settled) - sum(settled))
    return model, place


def limits_of(document: Json, resource: str, limits: Json) -> list[int]:
    """The most that each node may hold of a resource, in hundredths."""
    capacity = [node["capacity"][resource] for node in document["nodes"]]
    total = sum(shard["load"][resource] * shard["replicas"] for shard in document["shards"])
    most = limits.get(resource, math.inf) * total / sum(capacity)
    return [math.floor(min(1.0, most) * limit * SCALE + 1e-6) for limit in capacity]


def placement(solver: Any, document: Json, place: list[list[Any]]) -> dict[str, list[str]]:
    return {
        shard["id"]: [
            node["id"]
            for node, variable in zip(document["nodes"], row, strict=True)
            if solver.boolean_value(variable)
        ]
        for shard, row in zip(document["shards"], place, strict=True)
    }


if __name__ == "__main__":
    main()
