"""What is made of today's placement keeps the rules that it is said to keep: judged whole, by the logic."""

from __future__ import annotations

import random
from typing import Any

import pytest

import shardwright
from shardwright.solver.certify import certify
from shardwright.solver.conflicts import caps
from shardwright.solver.conflicts.only import only
from shardwright.solver.conflicts.question import question_of
from shardwright.solver.conflicts.today.today import Today
from shardwright.solver.outcome import Limits
from tests.reference.tiny import cluster, node, shard
from tests.solver.making import constrained, problem_of
from tests.strategies import random_case

Json = dict[str, Any]
TELLING = (449, 281, 294, 697)  # more replicas than are wanted; limits, skews, company


@pytest.mark.parametrize("seed", [*TELLING, 0, 1, 2])
def test_a_placement_keeps_the_rules(seed: int) -> None:
    policies, snapshot = random_case(seed)
    problem = problem_of(policies, snapshot)
    question = question_of(problem, Limits())
    numbers = [rule.id for rule in question.rules]
    some = [number for number in numbers if random.Random(seed).random() < 0.7]
    for rules in (numbers, some):
        placement = Today(question, Limits()).placement(rules)
        if placement is not None:
            whole = only(problem, frozenset(rules))
            assert certify(whole, [tuple(pair) for pair in placement.tolist()], here=True).faults(whole) == ()


def zones(shards: list[Json]) -> Json:
    nodes = [node(f"n{at}", labels={"zone": f"z{at % 3}"}, capacity={"cpu": 10}) for at in range(9)]
    return cluster(nodes, shards, topology=["zone"])


def spread(count: int) -> list[Json]:
    """Shards of three replicas, each on a node of every zone."""
    return [
        shard(f"s{at}", *(f"n{zone + 3 * (at % 3)}" for zone in range(3)), replicas=3, load={"cpu": 2})
        for at in range(count)
    ]


SPREAD = constrained("apart", spread={"by": "zone", "max": 1})


def test_others_make_room_for_a_heavy_shard() -> None:
    """Every node holds 4 of 10; one that needs 9 in each zone finds it where others leave."""
    snapshot = zones([*spread(6), shard("big", replicas=3, load={"cpu": 9})])
    question = question_of(problem_of([SPREAD], snapshot), Limits())
    placement = Today(question, Limits()).placement([rule.id for rule in question.rules])
    assert placement is not None
    assert len(placement) == 21


def test_impossible_shards_of_several_kinds_are_told_in_groups(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(caps, "MAX_EASY", 60)
    monkeypatch.setattr(caps, "MAX_SEARCHED", 0)
    scoped = constrained("home", zone="z1") | {"scope": {"ids": ["s0", "s1"]}, "priority": 2}
    heavy = [shard(f"whale-{at}", replicas=3, load={"cpu": 20 + at}) for at in range(2)]
    found = shardwright.compile([SPREAD, scoped]).conflicts(zones([*spread(6), *heavy]), time_limit=None)
    assert found.complete
    assert [(conflict.minimal, conflict.shards["count"]) for conflict in found.conflicts] == [(True, 2)] * 2
    assert [conflict.summary for conflict in found.conflicts] == [
        "shard `whale-1` needs 21 cpu on one node, the largest takes 10 (`n0`) (1 other shard likewise)",
        "2 shards (`s0` and `s1`) need 3 values of zone under `apart`, but `home` leaves 1 zone (`z1`)",
    ]
    told = {repair["text"] for conflict in found.conflicts for repair in conflict.repairs}
    assert "switch `home` off (removes this conflict; 1 other remains)" in told
    assert any(text.startswith("add 6 nodes like `n0`, `n1` and `n2` with 21 cpu each") for text in told)
