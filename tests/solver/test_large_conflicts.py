"""Where the whole is too much for the logic, `solve` and `conflicts` say the same, and neither gives up."""

from __future__ import annotations

from typing import Any

import pytest

import shardwright
from shardwright.solver.conflicts import caps
from shardwright.solver.conflicts.find import find
from shardwright.solver.conflicts.question import question_of
from shardwright.solver.outcome import Limits
from tests.reference.tiny import cluster, node, shard
from tests.solver.making import constrained, problem_of

Json = dict[str, Any]
APART = constrained("apart", apart_from={"group": "same", "by": "zone"})
SPREAD = constrained("spread", spread={"by": "zone", "max": 1})


def test_many_conflicts_are_all_there_are_at_one_look(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of five pairs of policies any one may go, which makes 33 placements to look for one by one."""
    monkeypatch.setattr(caps, "MAX_EASY", 0)
    monkeypatch.setattr(caps, "MAX_PAIRS", 0)
    zones = [
        constrained(f"{zone}-{at}", zone=zone) | {"scope": {"ids": [f"s{at}"]}}
        for at in range(5)
        for zone in ("z0", "z1")
    ]
    nodes = [node(f"n{at}", labels={"zone": f"z{at % 3}"}, capacity={"cpu": 10}) for at in range(6)]
    shards = [shard(f"s{at}", "n0", load={"cpu": 1}) for at in range(9)]
    question = question_of(problem_of(zones, cluster(nodes, shards)), Limits())
    found = find(question, Limits())
    assert found.complete
    assert [(len(one.rules), one.proven) for one in found.sets] == [(3, True)] * 5


def overfull(*heavy: float) -> Json:
    """Nodes of 10, one of which holds 34 today, for which the others have room; new shards of these loads."""
    nodes = [node(f"n{at}", labels={"zone": f"z{at % 3}"}, capacity={"cpu": 10}) for at in range(6)]
    small = [shard(f"a{at}", "n0", load={"cpu": 2}) for at in range(17)]
    return cluster(nodes, [*small, *(shard(f"w{at}", load={"cpu": cpu}) for at, cpu in enumerate(heavy))])


@pytest.mark.parametrize("cpu", [20, 30])
def test_a_shard_of_several_nodes_finds_its_place_where_today_is_as_full(cpu: int) -> None:
    """What a node holds over its capacity today is tolerated, whoever it is."""
    program, snapshot = shardwright.compile([SPREAD]), overfull(cpu)
    result = program.solve(snapshot, time_limit=None, steps=20_000)
    assert result.status in ("optimal", "feasible")
    assert result.placement is not None
    assert result.placement["w0"] == [{"node": "n0", "role": "leader"}]
    assert program.conflicts(snapshot, time_limit=None).conflicts == ()


def test_more_shards_of_several_nodes_than_nodes_so_full_are_a_conflict() -> None:
    program, snapshot = shardwright.compile([SPREAD]), overfull(20, 20)
    result = program.solve(snapshot, time_limit=None, steps=1_000)
    found = program.conflicts(snapshot, time_limit=None)
    told = "2 shards (`w0` and `w1`) have 2 replicas of 20 cpu or more each, and there is room for 1 so large"
    assert (result.status, [one.summary for one in result.conflicts]) == ("conflict", [told])
    assert [one.summary for one in found.conflicts] == [told]
    assert [repair["text"] for repair in found.conflicts[0].repairs] == ["add a node like `n0` with 20 cpu"]


def crowded(free: int) -> Json:
    """A group of three that must stand apart, and so many zones; uneven shards beside it."""
    nodes = [node(f"n{at}", labels={"zone": f"z{at % free}"}, capacity={"cpu": 100}) for at in range(4)]
    group = [shard(f"g{at}", group="g", load={"cpu": 1}) for at in range(3)]
    return cluster(nodes, [*group, *(shard(f"s{at}", load={"cpu": 1 + at / 8}) for at in range(60))])


def test_what_search_cannot_place_is_a_conflict_if_some_shards_show_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """And not an error about the rule limit, which keeps exact from trying."""
    monkeypatch.setattr(caps, "MAX_EASY", 0)
    program = shardwright.compile([APART])
    result = program.solve(crowded(2), time_limit=None, steps=1_000, workers=1, rule_limit=900)
    assert result.status == "conflict"
    assert [one.summary for one in result.conflicts] == [
        "`apart` keeps 3 shards (`g0` and `g1` among them) apart, which need 3 values of zone, "
        "but there are 2"
    ]
    again = program.solve(crowded(2), time_limit=None, rule_limit=900, replay=result.statistics)
    assert again.status == "conflict"
