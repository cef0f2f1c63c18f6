"""The fewest things that cover a demand in several measures: as trying every set, with a proof of it."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest

from shardwright.solver.bounds.cover import fewest
from shardwright.solver.bounds.subsets import Refuted, Split, fewest_of_all

Longs = list[list[int]]


def by_trying(amounts: Longs, demand: list[int]) -> int:
    for size in range(len(amounts) + 1):
        for chosen in combinations(amounts, size):
            if all(sum(one[at] for one in chosen) >= wanted for at, wanted in enumerate(demand)):
                return size
    return len(amounts) + 1


def refuted(proof: Refuted, amounts: dict[int, list[int]], demand: list[int], size: int) -> bool:
    """Whether the proof shows that `size` of the things do not cover the demand."""
    if isinstance(proof, Split):
        others = {row: one for row, one in amounts.items() if row != proof.thing}
        rest = [wanted - had for wanted, had in zip(demand, amounts[proof.thing], strict=True)]
        return refuted(proof.without, others, demand, size) and refuted(proof.along, others, rest, size - 1)
    assert min(proof) >= 0
    worth = sorted(sum(w * a for w, a in zip(proof, one, strict=True)) for one in amounts.values())
    return sum(worth[len(worth) - min(size, len(worth)) :]) < sum(
        w * d for w, d in zip(proof, demand, strict=True)
    )


@pytest.mark.parametrize("measures", [1, 2, 3])
def test_it_is_the_least_and_the_proof_holds(measures: int) -> None:
    random, sharper = np.random.default_rng(measures), 0
    for _ in range(60):
        drawn = random.lognormal(0.0, 1.0, (int(random.integers(1, 10)), measures))
        amounts = (drawn * 10).astype(np.int64)
        demand = (amounts.sum(axis=0) * random.uniform(0.1, 0.9)).astype(np.int64) - 1
        least, proof = fewest_of_all(amounts, demand, 400)
        assert least == by_trying(amounts.tolist(), demand.tolist())
        if least:
            assert refuted(proof, dict(enumerate(amounts.tolist())), demand.tolist(), least - 1)
        sharper += least > fewest(amounts, demand)[0]
    assert sharper >= (8 if measures > 1 else 0)


def test_without_splits_no_more_is_claimed_than_one_weighting_shows() -> None:
    amounts, demand = np.array([[3, 0], [0, 3], [2, 2]], dtype=np.int64), np.array([3, 3], dtype=np.int64)
    assert fewest_of_all(amounts, demand, 0)[0] <= 2 == fewest_of_all(amounts, demand, 9)[0]


def test_all_things_together_may_not_be_enough() -> None:
    amounts = np.array([[1, 1], [1, 1]], dtype=np.int64)
    assert fewest_of_all(amounts, np.array([3, 1], dtype=np.int64), 9)[0] == 3
