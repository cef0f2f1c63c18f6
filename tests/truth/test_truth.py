"""A few cases of each comparison; `python benchmarks/truth.py` looks at as many as you like."""

from __future__ import annotations

import pytest

from tests.truth import changes, conditions, prices, reach, repairs, taxes


@pytest.mark.parametrize("seed", [8, 9, 10])
def test_verdicts_on_random_changes_hold_on_random_clusters(seed: int) -> None:
    assert changes.look(seed, clusters=3).wrong == ()


def test_conditions_that_are_told_to_be_equal_are() -> None:
    """Labels, metrics and names that may be either; numbers spelled in several ways; patterns."""
    assert [fault for seed in range(150) for fault in conditions.look(seed).wrong] == []


def test_reasons_are_what_a_look_at_every_placement_finds() -> None:
    for comparison in (prices, reach, taxes):
        assert comparison.look(100_003).wrong == ()


def test_what_ways_out_leave_is_what_the_reference_finds() -> None:
    found = [repairs.look(seed) for seed in (100_003, 100_006)]
    assert [one.wrong for one in found] == [(), ()]
    assert sum(sum(one.looked.values()) for one in found) > 0
