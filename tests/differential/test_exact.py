"""The exact solver and the certificate agree with the slow reference.

SHARDWRIGHT_DIFFERENTIAL is the number of cases (default 300). One case alone:
`pytest tests/differential -k "seed-17-"`.
"""

from __future__ import annotations

import os
from typing import Any

import pytest

import shardwright
from tests.differential.agreement import certificate_faults, disagreements
from tests.differential.random_placements import random_placement
from tests.reference.judge import judge
from tests.strategies import random_case

CASES = int(os.environ.get("SHARDWRIGHT_DIFFERENTIAL", "300"))
SEEDS = [pytest.param(seed, id=f"seed-{seed}-") for seed in range(CASES)]


def program_of(policies: list[dict[str, Any]]) -> Any:
    return shardwright.compile(policies)


@pytest.mark.parametrize("seed", SEEDS)
def test_the_best_placement_is_as_good_as_the_best_of_all(seed: int) -> None:
    policies, snapshot = random_case(seed)
    assert disagreements(program_of(policies), policies, snapshot) == []


@pytest.mark.parametrize("seed", SEEDS)
def test_any_placement_is_certified_as_the_reference_judges_it(seed: int) -> None:
    policies, snapshot = random_case(seed)
    placement = random_placement(snapshot, seed)
    replicas = {shard: [{"node": node} for node in nodes] for shard, nodes in placement.items()}
    certificate = program_of(policies).certify(snapshot, replicas)
    assert list(certificate_faults(certificate, judge(policies, snapshot, placement))) == []
