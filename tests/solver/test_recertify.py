"""What is judged in part is judged as if it were judged whole."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

import shardwright
from shardwright.cluster.cluster import Cluster
from shardwright.cluster.load import cluster_from
from shardwright.solver.certify import Pair, certify, settled_pairs
from shardwright.solver.problem import Problem
from shardwright.solver.recertify import Known, Pairs, recertify
from shardwright.solver.session import with_states
from tests.strategies import random_case

SEEDS = range(240)
BATCH = 40


@pytest.mark.parametrize("first", SEEDS[::BATCH])
def test_the_part_says_what_the_whole_says(first: int) -> None:
    for seed in range(first, first + BATCH):
        policies, snapshot = random_case(seed)
        cluster = cluster_from(snapshot)
        program = shardwright.compile(policies)
        before = program.on(cluster).problem
        draw = np.random.default_rng(seed)
        known = known_of(before)
        after = program.on(_harmed(cluster, draw)).problem
        placement = _changed(after, draw)
        whole, part = certify(after, placement), recertify(after, array(placement), known)
        assert part.amounts == whole.amounts, seed
        assert part.costs == whole.costs, seed


def known_of(problem: Problem) -> Known:
    pairs = settled_pairs(problem)
    return Known(problem, array(pairs), certify(problem, pairs))


def array(pairs: list[Pair]) -> Pairs:
    return np.array(pairs, dtype=np.int32).reshape(-1, 2)


def _harmed(cluster: Cluster, draw: np.random.Generator) -> Cluster:
    """One node in another state; now and then none."""
    if draw.random() < 0.1:
        return cluster
    node = cluster.nodes.ids[draw.integers(len(cluster.nodes.ids))]
    return with_states(cluster, {node: str(draw.choice(["down", "draining", "active", "maintenance"]))})


def _changed(problem: Problem, draw: np.random.Generator) -> list[Pair]:
    """The settled placement with some replicas moved, added or dropped."""
    held = set(settled_pairs(problem))
    shards, nodes = len(problem.floor), len(problem.cluster.nodes.ids)
    for _ in range(int(draw.integers(4))):
        pair = int(draw.integers(shards)), int(draw.integers(nodes))
        if pair in held:
            held.discard(pair)
        else:
            here = sorted(each for each in held if each[0] == pair[0])
            if here and draw.random() < 0.7:
                held.discard(here[0])
            held.add(pair)
    return sorted(held)


def test_only_what_is_touched_is_judged() -> None:
    """One node of many: a fraction of the ground rules."""
    nodes = [
        {"id": f"n{at:02}", "labels": {"zone": f"z{at % 3}"}, "capacity": {"cpu": 99}} for at in range(30)
    ]
    shards = [
        {"id": f"s{at:03}", "load": {"cpu": 1}, "placement": [{"node": f"n{at % 30:02}"}]}
        for at in range(300)
    ]
    cluster = cluster_from({"resources": {"cpu": {}}, "nodes": nodes, "shards": shards})
    program = shardwright.compile([])
    before = program.on(cluster).problem
    known = known_of(before)
    after = program.on(with_states(cluster, {"n07": "down"})).problem
    moved = [(shard, node if node != 7 else 8) for shard, node in settled_pairs(after)]
    part, whole = recertify(after, array(moved), known), certify(after, moved)
    assert replace(part, ground_rules=0, seconds=0) == replace(whole, ground_rules=0, seconds=0)
    assert part.ground_rules < whole.ground_rules / 2
