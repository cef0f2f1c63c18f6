"""A solve done again comes to the same answer, whatever the clock did to it."""

from __future__ import annotations

import io
import time
from pathlib import Path
from typing import Any

import pytest

from shardwright import compile
from shardwright.keeping.runs import differing, plain
from shardwright.report.console import show
from shardwright.report.footer import footer
from shardwright.solver import solve as solving
from shardwright.solver.conflicts.answer import conflicts_of
from shardwright.solver.exact import solve_exact
from shardwright.solver.outcome import Limits
from shardwright.solver.replay import Race
from shardwright.solver.search import propose
from shardwright.solver.search.pace import Pace
from shardwright.solver.tape import Tape
from tests.solver.making import cluster, constrained, node, policy, problem_of, shard

EXAMPLES = Path(__file__).parents[2] / "examples"
POLICIES, CLUSTER = EXAMPLES / "policies", EXAMPLES / "cluster.json"
EVEN = [policy("even", "placement", {"strategy": "least_loaded", "applies_to": "all"})]


@pytest.mark.parametrize("strategy", ["search", "exact"])
def test_a_limit_that_comes_before_any_proposal_is_replayed(strategy: str) -> None:
    """Today's placement stands in, or there is no answer: the record says which."""
    statistics, differences = twice(strategy=strategy, time_limit=0.02)
    assert statistics["instead"] in ("today", "none")
    assert differences == []


def test_a_search_that_had_to_compile_first_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    """The same limit is enough the next time."""
    monkeypatch.setattr(propose, "is_compiled", lambda: False)
    result = compile(POLICIES).solve(CLUSTER, strategy="search", time_limit=0.02)
    assert result.statistics["kernels"] == "compiled first"
    page = io.StringIO()
    show(footer(result), page)
    assert "compile its kernels first" in page.getvalue()


def test_a_search_that_the_clock_cuts_is_replayed_step_by_step() -> None:
    """However far it has come; the reasons for what is given up are cut by the clock, too."""
    _, differences = twice(strategy="search", time_limit=4.0, steps=60_000_000)
    assert differences == []


@pytest.mark.parametrize("messages", [6])
def test_an_exact_race_that_is_ended_is_run_again_to_the_same_message(messages: int) -> None:
    """Ctrl-C comes after so many messages of the workers, as the clock would."""
    left = messages

    def stop(_: object) -> None:
        nonlocal left
        left -= 1
        if not left:
            raise KeyboardInterrupt

    program = compile(POLICIES)
    first = program.solve(CLUSTER, strategy="exact", time_limit=None, on_progress=stop)
    assert (first.status, first.limits) == ("feasible", ["interrupt"])
    statistics = plain(first.statistics)
    assert statistics["race"]["place"] is not None
    again = program.solve(CLUSTER, strategy="exact", time_limit=None, replay=statistics)
    assert differing(plain(first.to_json()), plain(again.to_json())) == []
    assert plain(again.statistics)["race"] == statistics["race"]


@pytest.mark.parametrize("seconds", [0.01, 0.4])
def test_a_best_effort_that_the_clock_cuts_is_replayed(
    seconds: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(solving, "BEST_EFFORT_SECONDS", seconds)
    nodes = [node(f"n{number}", labels={"zone": "abc"[number % 3]}) for number in range(6)]
    shards = [shard(f"s{number}", load={"cpu": 1 + number % 5}, replicas=5) for number in range(8)]
    policies = [constrained("p", zone="a"), *EVEN]
    first = compile(policies).solve(cluster(nodes, shards), strategy="exact")
    assert first.status == "conflict"
    statistics = plain(first.statistics)
    again = compile(policies).solve(
        cluster(nodes, shards), strategy="exact", time_limit=None, replay=statistics
    )
    assert differing(plain(first.to_json()), plain(again.to_json())) == []


def test_a_list_of_conflicts_that_is_ended_ends_at_the_same_message() -> None:
    policies = [constrained(name, zone=zone) for name, zone in (("p", "a"), ("q", "b"), ("r", "c"))]
    nodes = [node(f"n{zone}", labels={"zone": zone}) for zone in "abc"]
    problem, checked = problem_of(policies, cluster(nodes, [shard("s1")])), compile(policies).policies
    whole = Tape()
    complete = conflicts_of(problem, list(checked), Limits(tape=whole))
    assert (complete.complete, len(complete.conflicts), whole.decided) == (True, 3, False)
    for most in range(3):
        tape = Tape(replay=[most])
        found = conflicts_of(problem, list(checked), Limits(tape=tape))
        assert (found.complete, found.stopped_by) == (False, ("time_limit",))
        assert (tape.record, tape.decided) == ([most], True)
        assert {one.rules for one in found.origins} <= {one.rules for one in complete.origins}
        assert sum(one.minimal for one in found.conflicts) < 3


def test_a_race_that_never_came_so_far_has_no_answer() -> None:
    """The record is of another program, say: nothing is made up."""
    problem = problem_of(EVEN, cluster([node("n1"), node("n2")], [shard("s1"), shard("s2")]))
    known = solve_exact(problem, Limits(), replay=Race(strict=True, place=("descend", 1)))
    assert (known.status, known.placement is None) == ("feasible", False)
    beyond = solve_exact(problem, Limits(), replay=Race(strict=True, place=("descend", 99)))
    assert (beyond.status, beyond.placement) == ("unknown", None)


def twice(**settings: Any) -> tuple[dict[str, Any], list[str]]:
    """The statistics of a solve, and what is different when it is done again."""
    program = compile(POLICIES)
    first = program.solve(CLUSTER, **settings)
    statistics = plain(first.statistics)
    again = program.solve(CLUSTER, **{**settings, "time_limit": None}, replay=statistics)
    return statistics, differing(plain(first.to_json()), plain(again.to_json()))


def test_a_record_of_no_steps_is_followed_too() -> None:
    """Nothing was planned when the search was stopped: nothing is planned again."""
    pace = Pace(1000, None, replay=(), until=0, began=time.monotonic())
    assert pace.first(500) == 0
    pace.plan()
    assert (pace.budget, list(pace.blocks([10, 10]))) == (0, [0, 0])
