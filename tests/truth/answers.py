"""The best placement and the certificate of any placement are what the reference finds."""

from __future__ import annotations

import shardwright
from tests.differential.agreement import certificate_faults, disagreements
from tests.differential.random_placements import random_placement
from tests.reference.judge import judge
from tests.strategies import random_case
from tests.truth.finding import Finding, Made

PLACEMENTS = 3  # of each case, beside the best one


def look(seed: int, made: Made = random_case) -> Finding:
    policies, snapshot = made(seed)
    wrong = disagreements(shardwright.compile(policies), policies, snapshot)
    certified = certificates(seed, made)
    return Finding({"answers": 1} | certified.looked, (*wrong, *certified.wrong))


def certificates(seed: int, made: Made = random_case, placements: int = PLACEMENTS) -> Finding:
    policies, snapshot = made(seed)
    program, wrong = shardwright.compile(policies), []
    for number in range(placements):
        placement = random_placement(snapshot, seed * 1000 + number)
        replicas = {shard: [{"node": node} for node in nodes] for shard, nodes in placement.items()}
        faults = certificate_faults(program.certify(snapshot, replicas), judge(policies, snapshot, placement))
        wrong += [f"{placement}: {fault}" for fault in faults]
    return Finding({"certificates": placements}, tuple(wrong))
