"""Hand-made cases for the tests of the solver, and ways to look into it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from typing import Any

import shardwright
from shardwright.cluster.load import cluster_from
from shardwright.solver.problem import Problem
from shardwright.solver.result import Level, Result
from tests.reference.tiny import cluster, node, shard

Json = dict[str, Any]
INTEGER = re.compile(r"-?\d+")
LARGEST = 2**31 - 1

__all__ = ["cluster", "node", "shard"]


def policy(name: str, kind: str, actions: Json, **more: Any) -> Json:
    """A policy of priority 1 with one action object."""
    return {"name": name, "type": kind, "priority": 1, "actions": {kind: actions}} | more


def constrained(name: str, enforcement: str = "required", **constraints: Any) -> Json:
    return policy(name, "placement", {"constraints": constraints}, enforcement=enforcement)


def solved(policies: list[Json], snapshot: Json, **options: Any) -> Result:
    return shardwright.compile(policies).solve(snapshot, **{"strategy": "exact", "time_limit": 20} | options)


def problem_of(policies: list[Json], snapshot: Json) -> Problem:
    problem: Problem = shardwright.compile(policies).on(cluster_from(snapshot)).problem
    return problem


def integers(texts: Iterable[str]) -> list[int]:
    """Every number that the facts name."""
    return [int(number) for text in texts for number in INTEGER.findall(text)]


def rows(texts: Iterable[str], name: str) -> list[tuple[int, ...]]:
    """The arguments of all facts of a predicate."""
    lines = [line for text in texts for line in text.splitlines() if line.startswith(f"{name}(")]
    return [tuple(integers([line.removeprefix(name)])) for line in lines]


def nodes_of(placement: Any) -> dict[str, set[str]]:
    return {shard: {replica["node"] for replica in replicas} for shard, replicas in placement.items()}


def costs(levels: list[Level]) -> dict[tuple[int, int], int]:
    return {(level.block, level.priority): level.cost for level in levels}


def bounds(levels: list[Level]) -> dict[tuple[int, int], int]:
    return {(level.block, level.priority): level.bound for level in levels}


def words(result: Result) -> str:
    """The whole result as text, without times and without the lines that causes stand in."""
    document = result.to_json()
    for cause in [cause for conflict in document["conflicts"] for cause in conflict["causes"]]:
        cause["line"] = cause["column"] = None
    document["timings"] = {}
    if document["certificate"]:
        document["certificate"]["seconds"] = 0
    return json.dumps(document, sort_keys=True)
