"""What holds for every case that hypothesis finds."""

from __future__ import annotations

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.differential.random_placements import random_placement
from tests.reference.cases.case import Case
from tests.reference.judge import judge
from tests.reference.solve import solve
from tests.strategies import cases

SLOW = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much]


@settings(max_examples=100, deadline=None, suppress_health_check=SLOW)
@given(cases(), st.integers(0, 1000))
def test_no_admissible_placement_costs_less_than_the_best(case: Case, seed: int) -> None:
    other, best = judge(*case, random_placement(case[1], seed)), solve(*case)
    if other.admissible:
        assert best is not None
        assert list(best.costs.values()) <= list(other.costs.values())


@settings(max_examples=100, deadline=None, suppress_health_check=SLOW)
@given(cases(), st.data())
def test_the_order_of_policies_changes_nothing(case: Case, data: st.DataObject) -> None:
    policies, snapshot = case
    best, again = solve(policies, snapshot), solve(data.draw(st.permutations(policies)), snapshot)
    assert (best is None) == (again is None)
    assert best is None or again is None or best.placements == again.placements


@settings(max_examples=60, deadline=None, suppress_health_check=SLOW)
@given(cases())
def test_leaving_out_a_required_policy_that_decides_no_count_keeps_what_is_possible(case: Case) -> None:
    policies, snapshot = case
    kept = [policy for policy in policies if not droppable(policy, policies)]
    assert solve(policies, snapshot) is None or solve(kept, snapshot) is not None


def droppable(policy: dict, policies: list[dict]) -> bool:
    """Required, alone, and neither a count nor a capacity of its own."""
    named = [name for other in policies for name in (other.get("extends"), *other.get("depends_on", []))]
    words = str(policy["actions"])
    decides = any(word in words for word in ("replicas", "'capacity'")) or "extends" in policy
    return policy.get("enforcement") == "required" and policy["name"] not in named and not decides
