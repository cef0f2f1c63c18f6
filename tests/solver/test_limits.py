"""A limit ends in an error that names its setting, or in an answer that is certified."""

from __future__ import annotations

import os
import subprocess
from typing import Any

import pytest

from shardwright.grammar.diagnostics import DiagnosticError
from shardwright.solver.processes import _idle, stop_idle
from shardwright.solver.result import Result
from tests.solver.making import cluster, constrained, node, policy, shard, solved

Json = dict[str, Any]
EVEN = [policy("even", "load_balancing", {})]
NODES = [node(f"n{at}", "us" if at % 2 else "eu") for at in range(6)]
NEW = cluster(NODES, [shard(f"s{at}", replicas=2) for at in range(12)])
SETTLED = cluster(NODES, [shard(f"s{at}", "n0", "n1") for at in range(4)])


def attempted(policies: list[Json], snapshot: Json, **limits: Any) -> Result | None:
    """The result; None where the error says which limit came first."""
    try:
        return solved(policies, snapshot, **limits)
    except DiagnosticError as raised:
        error = raised
    (setting,) = limits
    said = "time limit" if setting == "time_limit" else f"`{setting}`"
    assert (error.exit_code, said in str(error)) == (6, True)
    return None


def children() -> set[str]:
    """The worker processes of this one, by their numbers."""
    found = subprocess.run(["ps", "-eo", "pid,ppid,args"], capture_output=True, text=True, check=True).stdout
    lines = [line.split(None, 2) for line in found.splitlines()[1:]]
    mine = str(os.getpid())
    return {pid for pid, parent, words in lines if parent == mine and "solver.worker" in words}


@pytest.mark.parametrize(
    ("setting", "value"),
    [("rule_limit", 10), ("rule_limit", 300), ("memory_limit_mb", 20), ("time_limit", 0.001)],
)
def test_without_an_answer_the_error_names_the_setting(setting: str, value: float) -> None:
    """Or nothing is known, when time runs out."""
    result = attempted(EVEN, NEW, **{setting: value})
    if result is not None:
        assert (setting, result.status, result.limits) == ("time_limit", "unknown", ["time_limit"])
        assert result.placement is None


@pytest.mark.parametrize("value", [10, 100, 200, 300, 400, 600, 800, 1200])
def test_a_program_that_is_grounded_in_part_is_never_an_answer(value: int) -> None:
    """What comes out under any limit is an error or certified, and optimal only if it is the optimum."""
    whole = solved(EVEN, SETTLED)
    result = attempted(EVEN, SETTLED, rule_limit=value)
    if result is None:
        return
    assert result.certificate is not None
    assert result.certificate.certified
    assert result.status in ("feasible", "optimal")
    if result.status == "optimal":
        assert result.placement == whole.placement
    else:
        assert "rule_limit" in result.limits


def test_a_conflict_is_known_although_its_reasons_are_not() -> None:
    """The limit leaves no room to look for the causes, which does not make the conflict less true."""
    policies = [constrained("one", region="us"), constrained("other", region="eu")]
    found = [attempted(policies, SETTLED, rule_limit=value) for value in (120, 200, 300, 420, 600)]
    assert {result.status for result in found if result} == {"conflict"}


def test_what_time_allowed_is_certified() -> None:
    """A large cluster and little time: some answer, or the word that there is none."""
    nodes = [node(f"n{at}", capacity={"cpu": 100}) for at in range(30)]
    shards = [shard(f"s{at}", f"n{at % 3}", load={"cpu": 1 + at % 13 / 7}) for at in range(150)]
    result = solved(EVEN, cluster(nodes, shards), time_limit=4)
    assert result.status in ("optimal", "feasible")
    assert result.certificate is not None
    assert result.certificate.certified
    assert all(level.bound <= level.cost for level in result.levels)


def test_no_process_is_left_but_those_that_wait_for_work() -> None:
    for options in ({"rule_limit": 300}, {"memory_limit_mb": 20}, {"time_limit": 0.05}, {}):
        attempted(EVEN, NEW, **options)
        assert children() == {str(process.popen.pid) for process in _idle}
    stop_idle()
    assert children() == set()
