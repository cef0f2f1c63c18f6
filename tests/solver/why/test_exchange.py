"""An exchange of replicas changes what the slow reference says that it changes."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import shardwright
from shardwright.cluster.load import cluster_from
from shardwright.solver.why.exchange import Scales, exchanges_of
from shardwright.solver.why.standing import NOBODY, Batch, Standing
from tests.differential.random_placements import random_placement
from tests.reference.book import Book, book_of
from tests.reference.judge import judge_sets
from tests.reference.world import Placement, world_of
from tests.strategies import random_case

Json = dict[str, Any]
Vector = tuple[int, ...]


def judged(book: Book, levels: tuple[Any, ...], placement: Placement) -> Vector:
    """What is broken beyond what may be, then the costs of the levels."""
    judgement = judge_sets(book, placement)
    beyond = sum(
        one.amount - (one.tolerated if one.enforcement == "no_worse" else 0)
        for one in judgement.broken
        if one.forbidden
    )
    return (beyond, *(judgement.costs.get(level, 0) for level in levels))


def exchanged(placement: Placement, shard: str, leaves: str | None, arrives: str) -> Placement:
    return placement | {shard: (placement[shard] - {leaves}) | {arrives}}


@pytest.mark.parametrize("seed", range(150))
def test_the_best_exchange_for_each_node_is_the_reference_s(seed: int) -> None:
    policies, snapshot = random_case(seed)
    placed = {shard: frozenset(nodes) for shard, nodes in random_placement(snapshot, seed).items()}
    book = book_of(world_of(policies, snapshot))
    problem = shardwright.compile(policies).on(cluster_from(snapshot)).problem
    shards, nodes = problem.cluster.shards.ids, problem.cluster.nodes.ids
    pairs = [(shards.index(shard), nodes.index(node)) for shard in placed for node in placed[shard]]
    batch = Batch(Standing(problem, tuple(pairs)), np.arange(len(shards), dtype=np.int32))
    found = exchanges_of(Scales(batch.standing), batch)
    before = judged(book, problem.levels, placed)
    for row, shard in enumerate(shards):
        for column, node in enumerate(nodes):
            if node in placed[shard]:
                continue
            said = tuple(int(t[row, column]) for t in (found.fault, *map(found.cost, problem.levels)))
            options = [nodes[at] if at != NOBODY else None for at in [*batch.held[row].tolist(), NOBODY]]
            after = {
                option: judged(book, problem.levels, exchanged(placed, shard, option, node))
                for option in options
            }
            changes = {o: tuple(b - a for a, b in zip(before, v, strict=True)) for o, v in after.items()}
            leaves = options[found.leaves[row, column]]
            assert said == changes[leaves], (shard, node, leaves)
            assert said == min(changes.values()), (shard, node, leaves)
