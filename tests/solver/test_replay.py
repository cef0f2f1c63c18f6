"""A solve done again comes to the same answer, whatever the clock did to it."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import pytest

from shardwright import compile
from shardwright.keeping.runs import differing, plain
from shardwright.solver.search.pace import Pace

EXAMPLES = Path(__file__).parents[2] / "examples"
POLICIES, CLUSTER = EXAMPLES / "policies", EXAMPLES / "cluster.json"


@pytest.mark.parametrize("strategy", ["search", "exact"])
def test_a_limit_that_comes_before_any_proposal_is_replayed(strategy: str) -> None:
    """Today's placement stands in, or there is no answer: the record says which."""
    statistics, differences = twice(strategy=strategy, time_limit=0.02)
    assert statistics["instead"] in ("today", "none")
    assert differences == []


def test_a_search_that_the_clock_cuts_is_replayed_step_by_step() -> None:
    """However far it has come; the reasons for what is given up are cut by the clock, too."""
    _, differences = twice(strategy="search", time_limit=4.0, steps=60_000_000)
    assert differences == []


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
