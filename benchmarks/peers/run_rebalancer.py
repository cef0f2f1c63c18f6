"""Rebalancer on a snapshot; runs in Rebalancer's environment and knows nothing of Shardwright.

    python run_rebalancer.py '{"cluster": ..., "answer": ..., "setting": "sampled", "seconds": 60}'

Capacities and zones apart are constraints. Goals, in this order: balance of each resource (left out with
"even": false), then fewest moves. Writes {"placement": {shard: [nodes]}, "timings": {...}}.
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path
from typing import Any

from rebalancer import ProblemSolver

Json = dict[str, Any]

ABSOLUTE = 1  # enums are given by number, whatever the type hints say
SAMPLE = {"defaultSampleSize": 20}
LARGEST_FIRST = {"objectOrderingDimension": "size"}


def settings(nodes: list[Json]) -> dict[str, Json]:
    """The local searches that its documentation recommends, by name.

    "basic" is its "good starting set" for exhaustive search without the triple loop, which at these sizes
    does not end; "fast" stops at the first improvement; "sampled" is for many objects and containers.
    """
    zones = sorted({node["labels"]["zone"] for node in nodes})
    anywhere = {"moveToScopeItems": {"defaultScopeItems": {"scopeName": "zone", "scopeItems": zones}}}
    single, swap = {"singleMoveTypeSpec": {}}, {"swapMoveTypeSpec": {}}
    fast = {"singleFastMoveTypeSpec": {}}
    greedy = {"swapMoveTypeSpec": {"greedyOnSrc": True, "greedyOnDst": True}}
    stratified = {
        "singleRandomStratifiedMoveTypeSpec": {
            "stratifiedSampleSize": SAMPLE,
            "destinationsToExplore": anywhere,
        }
    }
    some_swaps = {"swapMoveTypeSpec": {"sampleSize": SAMPLE}}
    return {
        "basic": {"moveTypeList": [single, swap]},
        "fast": {"moveTypeList": [fast, greedy]},
        "fast-largest-first": {"moveTypeList": [fast, greedy], **LARGEST_FIRST},
        "sampled": {"moveTypeList": [stratified, some_swaps]},
        "sampled-largest-first": {"moveTypeList": [stratified, some_swaps], **LARGEST_FIRST},
    }


def main() -> None:
    started = time.monotonic()
    given = json.loads(sys.argv[1])
    document = json.loads(Path(given["cluster"]).read_text())
    solver = problem(document, given.get("even", True))
    chosen = settings(document["nodes"])[given["setting"]]
    solver.add_solver({"localSearchSolverSpec": {**chosen, "solveTime": given["seconds"]}})
    built = time.monotonic()
    solution = solver.solve()
    timings = {"build": built - started, "solve": time.monotonic() - built}
    where = solution["assignment"]
    placement = {
        shard["id"]: [where[replica(shard, number)] for number in range(len(shard["placement"]))]
        for shard in document["shards"]
    }
    answer = {"placement": placement, "timings": timings}
    Path(given["answer"]).write_text(json.dumps(answer))


def problem(document: Json, even: bool) -> Any:
    """The objects are replicas, the containers nodes."""
    solver = ProblemSolver("benchmark", "benchmark")
    solver.set_object_name("replica").set_container_name("node")
    held: dict[str, list[str]] = {node["id"]: [] for node in document["nodes"]}
    groups: dict[str, list[str]] = {}
    load: dict[str, Json] = {}
    for shard in document["shards"]:
        for number, place in enumerate(shard["placement"]):
            name = replica(shard, number)
            held[place["node"]].append(name)
            groups.setdefault(shard["id"], []).append(name)
            load[name] = shard["load"]
    solver.set_assignment(held)
    solver.add_partition("shard", groups)
    solver.add_scope("zone", {node["id"]: node["labels"]["zone"] for node in document["nodes"]})
    solver.add_object_dimension("size", {name: sum(loads.values()) for name, loads in load.items()})
    for resource in document["resources"]:
        solver.add_object_dimension(resource, {name: loads[resource] for name, loads in load.items()})
        capacities = {node["id"]: node["capacity"][resource] for node in document["nodes"]}
        solver.add_container_dimension(resource, capacities)
        spec = {"name": f"capacity of {resource}", "scope": "node", "dimension": resource}
        solver.add_constraint({"capacitySpec": spec})
    one = {"type": ABSOLUTE, "globalLimit": 1}
    apart = {"name": "zones apart", "scope": "zone", "partitionName": "shard", "limit": one}
    solver.add_constraint({"groupCountSpec": apart})
    add_goals(solver, document["resources"] if even else [])
    return solver


def add_goals(solver: Any, resources: list[str]) -> None:
    for resource in resources:
        solver.add_goal({"balanceSpec": {"name": f"even {resource}", "scope": "node", "dimension": resource}})
    if resources:
        solver.add_goal_boundary()
    solver.add_goal({"minimizeMovementSpec": {"name": "fewest moves"}})


def replica(shard: Json, number: int) -> str:
    return f"{shard['id']}/{number}"


if __name__ == "__main__":
    main()
