"""The same question has the same answer, word for word, however it is put."""

from __future__ import annotations

from random import Random
from typing import Any

import pytest

from tests.solver.making import costs, solved, words
from tests.strategies import random_case

Json = dict[str, Any]
SEEDS = range(10, 20)


def shuffled(thing: Any, random: Random) -> Any:
    """The same document with its keys in another order."""
    if isinstance(thing, dict):
        keys = random.sample(list(thing), len(thing))
        return {key: shuffled(thing[key], random) for key in keys}
    return [shuffled(item, random) for item in thing] if isinstance(thing, list) else thing


def reordered(snapshot: Json, random: Random) -> Json:
    """Nodes, shards, replicas and links in another order."""
    found = shuffled(snapshot, random)
    for key in ("nodes", "shards", "links"):
        random.shuffle(found[key])
    for shard in found["shards"]:
        random.shuffle(shard["placement"])
    return found


@pytest.mark.parametrize("seed", SEEDS)
def test_the_order_of_a_snapshot_changes_no_word(seed: int) -> None:
    policies, snapshot = random_case(seed)
    other = reordered(snapshot, Random(seed))
    assert words(solved(policies, snapshot)) == words(solved(policies, other))


@pytest.mark.parametrize("seed", SEEDS)
def test_the_order_of_policies_and_keys_changes_no_word(seed: int) -> None:
    policies, snapshot = random_case(seed)
    other = shuffled(policies, Random(seed))
    Random(seed).shuffle(other)
    assert words(solved(policies, snapshot)) == words(solved(other, snapshot))


@pytest.mark.parametrize("seed", SEEDS)
def test_asking_twice_and_asking_one_worker_give_the_same(seed: int) -> None:
    policies, snapshot = random_case(seed)
    first = solved(policies, snapshot)
    assert words(solved(policies, snapshot)) == words(first)
    alone = solved(policies, snapshot, workers=1)
    assert (alone.status, alone.placement, alone.gave_up) == (first.status, first.placement, first.gave_up)
    assert costs(alone.levels) == costs(first.levels)
