"""Quantities become whole numbers once, and no limit is broken by rounding."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shardwright.solver.quantities import TOTAL_LIMIT, divided, fitting, nearest, scale_for, whole

SIZES = (0.0, 1e-9, 0.1, 0.3, 1 / 3, 0.1 + 0.2, 1, 7.7, 1e6, 2.0**31 - 1, 2.0**31, 1e12, 1e15)
numbers = st.one_of(st.sampled_from(SIZES), st.floats(0, 1e15), st.decimals(0, 10**6, places=3).map(float))
lists = st.lists(numbers, min_size=1, max_size=8)


def exact(number: float) -> Fraction:
    """What the user wrote."""
    return Fraction(str(number))


def scaled(loads: list[float], capacities: list[float]) -> tuple[Fraction, Any, Any]:
    load, capacity = np.array(loads, dtype=float), np.array(capacities, dtype=float)
    scale = scale_for([load, capacity], load, np.ones(len(load), dtype=np.int32))
    return scale, whole(load, scale, up=True), whole(capacity, scale, up=False)


@settings(max_examples=400, deadline=None)
@given(lists, lists)
def test_loads_go_up_and_capacities_down(loads: list[float], capacities: list[float]) -> None:
    scale, load, capacity = scaled(loads, capacities)
    for number, units in zip(loads, load.tolist(), strict=True):
        assert exact(number) * scale <= units < exact(number) * scale + 1
    for number, units in zip(capacities, capacity.tolist(), strict=True):
        assert units <= exact(number) * scale


@settings(max_examples=300, deadline=None)
@given(lists, numbers)
def test_what_fits_in_whole_numbers_fits_in_truth(loads: list[float], capacity: float) -> None:
    _, load, limit = scaled(loads, [capacity])
    if int(load.sum()) <= int(limit[0]):
        assert sum(map(exact, loads)) <= exact(capacity)


@settings(max_examples=300, deadline=None)
@given(lists)
def test_all_replicas_together_stay_within_the_limit_of_totals(loads: list[float]) -> None:
    _, load, _ = scaled(loads, [1.0])
    assert int(load.sum()) <= TOTAL_LIMIT


@pytest.mark.parametrize(
    ("loads", "scale"),
    [
        ([1, 2], 1),
        ([0.1, 0.25], 100),
        ([2**29 - 2], 1),
        ([2**31 - 1], Fraction(1, 1000)),
        ([2**31], Fraction(1, 1000)),
        ([1e-9], 10**9),
        ([1e-12], 10**12),
        ([1e15], Fraction(1, 10**8)),
        ([1e200], Fraction(1, 10**193)),
    ],
)
def test_the_scale_is_the_smallest_that_is_exact_or_the_largest_that_fits(loads: Any, scale: Any) -> None:
    assert scaled(loads, [])[0] == scale


def test_loads_whose_sum_no_float_holds_are_scaled_too() -> None:
    _, load, _ = scaled([1.7e308] * 10, [])
    assert 0 < int(load.sum()) <= TOTAL_LIMIT


def test_exact_numbers_are_not_rounded_at_a_coarse_scale() -> None:
    loads = np.array([7_000, 3_000_000, 123_000], dtype=float)
    assert whole(loads, Fraction(1, 1000), up=True).tolist() == [7, 3000, 123]


def test_a_hair_beyond_a_whole_number_counts() -> None:
    """0.1 + 0.2 is more than 0.3."""
    hair = np.array([0.1 + 0.2])
    assert whole(hair, Fraction(10), up=True).tolist() == [4]
    assert whole(np.nextafter(np.array([0.3]), 0), Fraction(10), up=False).tolist() == [2]


def test_prices_keep_their_differences_on_many_nodes_with_many_replicas() -> None:
    """3,000 nodes and 900,000 replicas: what one replica costs is still told apart."""
    prices = np.tile([0.35, 0.36, 1.2], 1000)
    scale, units = nearest(prices, 900_000)
    assert scale == 100
    assert sorted(set(units.tolist())) == [35, 36, 120]


@given(st.lists(st.integers(-(10**30), 10**30), min_size=1, max_size=6))
def test_numbers_of_any_size_fit_in_a_coarser_unit_rounded_up(large: list[int]) -> None:
    unit = fitting(large)
    found = divided(large, unit).tolist()
    assert sum(abs(number) for number in found) <= TOTAL_LIMIT + len(large)
    assert all(0 <= units * unit - number < unit for number, units in zip(large, found, strict=True))
