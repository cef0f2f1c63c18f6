"""`auto` gives each problem to the strategy that gets furthest, and both may have a part in an answer."""

from __future__ import annotations

from typing import Any

import pytest

import shardwright
from shardwright.keeping.runs import differing, plain
from shardwright.solver import turns
from shardwright.solver.progress import Progress
from tests.solver.making import constrained, policy
from tests.solver.test_search import crowded

SPREAD = constrained("apart", spread={"by": "zone", "max": 1})
EVEN = policy("even", "load_balancing", {"tolerance": 1})


@pytest.fixture
def a_hard_start(monkeypatch: pytest.MonkeyPatch) -> None:
    """Exact's first try ends after a few conflicts, as it does on larger problems."""
    monkeypatch.setattr(turns, "FIRST_EFFORT", 2_000)


@pytest.mark.usefixtures("a_hard_start")
@pytest.mark.parametrize("seed", [1, 5])
def test_search_then_exact_is_as_good_as_exact(seed: int) -> None:
    snapshot = crowded(40, 8, seed)
    program = shardwright.compile([SPREAD, EVEN])
    auto = program.solve(snapshot, time_limit=30)
    exact = program.solve(snapshot, strategy="exact", time_limit=30)
    assert "search first" in auto.reason_for_strategy
    assert (auto.status, costs(auto)) == ("optimal", costs(exact))


@pytest.mark.alone
@pytest.mark.usefixtures("a_hard_start")
def test_what_exact_has_shown_of_a_found_placement_is_replayed() -> None:
    """The limits that ended exact and its bound are on record; the placement is done again."""
    snapshot = crowded(150, 12, 1)
    program = shardwright.compile([SPREAD, EVEN])
    first = program.solve(snapshot, time_limit=6)
    statistics = plain(first.statistics)
    assert statistics["then_exact"]["limits"] == ["time_limit"]
    again = program.solve(snapshot, strategy=first.strategy, replay=statistics)
    assert differing(plain(first.to_json()), plain(again.to_json())) == ["reason_for_strategy"]


@pytest.mark.usefixtures("a_hard_start")
def test_with_a_limit_of_steps_the_clock_has_no_part() -> None:
    """Exact does not go on: how far it came would be the clock's decision."""
    snapshot = crowded(200, 12, 1)
    result = shardwright.compile([SPREAD]).solve(snapshot, steps=2_000, time_limit=60)
    assert (result.strategy, result.limits) == ("search", [])
    assert "then_exact" not in result.statistics


def costs(result: Any) -> list[int]:
    return [level.cost for level in result.levels]


@pytest.mark.usefixtures("a_hard_start")
def test_progress_never_goes_back() -> None:
    """Whoever's turn it is: a worse placement of the next strategy is not told."""
    told: list[Progress] = []
    program = shardwright.compile([SPREAD])
    result = program.solve(crowded(60, 9, 2), time_limit=4, on_progress=told.append)
    found = [progress.cost for progress in told if not progress.faults and progress.cost is not None]
    assert found == sorted(found, reverse=True)
    assert found[-1] == tuple(costs(result))
    assert [progress.bound for progress in told] == sorted(progress.bound for progress in told)
