"""Random clusters and policies: for hypothesis, or plainly from a seed."""

from __future__ import annotations

from itertools import chain, count
from typing import Any

from hypothesis import strategies as st

from tests.reference.cases import odd
from tests.reference.cases.case import Case, case
from tests.reference.cases.clusters import snapshot
from tests.reference.cases.draw import Draw, Seeded
from tests.reference.cases.policies import policy_set

Json = dict[str, Any]


def random_case(seed: int) -> Case:
    """Policies and a snapshot; the same seed gives the same case."""
    return case(Draw(Seeded(seed)))


def odd_case(seed: int) -> Case:
    """The same with what plain cases do not have; the first one of the seed that is not refused."""
    tries = chain((f"odd-{seed}",), (f"odd-{seed}/{again}" for again in count(1)))
    return next(found for one in tries if (found := odd.odd_case(Draw(Seeded(one)))) is not None)


class Hypothesis:
    """Choices that hypothesis decides, and shrinks."""

    def __init__(self, draw: st.DrawFn) -> None:
        self.draw = draw

    def between(self, low: int, high: int) -> int:
        return self.draw(st.integers(low, high))


@st.composite
def cases(draw: st.DrawFn) -> Case:
    """Policies and a snapshot."""
    return case(Draw(Hypothesis(draw)))


@st.composite
def policy_sets(draw: st.DrawFn) -> list[Json]:
    return policy_set(Draw(Hypothesis(draw)))


@st.composite
def snapshots(draw: st.DrawFn) -> Json:
    return snapshot(Draw(Hypothesis(draw)))
