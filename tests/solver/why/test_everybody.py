"""Why for all: what is told of a group is what is told of each of its shards alone."""

from __future__ import annotations

import pytest

import shardwright
from tests.differential.random_placements import random_placement
from tests.strategies import random_case


@pytest.mark.parametrize("seed", range(60))
def test_a_group_s_reasons_are_those_of_each_of_its_shards(seed: int) -> None:
    policies, snapshot = random_case(seed)
    placed = {
        name: [{"node": held} for held in nodes] for name, nodes in random_placement(snapshot, seed).items()
    }
    explainer = shardwright.compile(policies).explain(snapshot, placed)
    groups = explainer.why_all()
    ids = explainer.problem.cluster.shards.ids
    assert sorted(row for group in groups for row in group.shards) == list(range(len(ids)))
    for group in groups:
        for row in group.shards:
            alone = explainer.why(ids[row])
            assert len(alone.held) == group.replicas
            against = {
                reason.rule.id
                for nodes in alone.groups
                if not nodes.allowed
                for reason in nodes.reasons
                if reason.rule is not None
            }
            assert {rule.id for rule in group.against} == against
            decided = {one.rule.id for one in alone.decided if one.rule is not None}
            assert {rule.id for rule in group.decided} == decided
