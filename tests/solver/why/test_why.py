"""Why: the answer of the exact solver has no better neighbour, and every reason has a sentence."""

from __future__ import annotations

import numpy as np
import pytest

import shardwright
from shardwright.grammar.rules import Kind
from shardwright.solver.why.documents import shard_document
from shardwright.solver.why.exchange import exchanges_of
from shardwright.solver.why.shard import Verdicts
from shardwright.solver.why.standing import Batch
from shardwright.solver.why.wording import SAYINGS
from tests.solver.making import cluster, node, shard
from tests.strategies import random_case


@pytest.mark.parametrize("seed", range(40))
def test_no_exchange_is_better_than_an_optimal_answer(seed: int) -> None:
    policies, snapshot = random_case(seed)
    explainer = shardwright.compile(policies).explain(snapshot, strategy="exact", time_limit=20)
    for name in explainer.problem.cluster.shards.ids:
        reasons = explainer.why(name)
        document = shard_document(explainer, reasons)
        assert sorted(n for g in reasons.groups for n in g.nodes) == list(range(len(snapshot["nodes"])))
        assert all(group.reasons for group in reasons.groups)
        assert all(reason["text"] for group in document["nodes"] for reason in group["reasons"])
        if explainer.status == "optimal":
            batch = Batch(explainer.scales.standing, np.array([reasons.shard], dtype=np.int32))
            sign = Verdicts(exchanges_of(explainer.scales, batch)).sign
            assert (sign[~batch.is_held] >= 0).all()


def test_every_kind_of_rule_has_its_sentences() -> None:
    assert {kind.name for kind in SAYINGS} == {kind.name for kind in Kind.__subclasses__()}


def test_the_same_question_has_the_same_answer_word_for_word() -> None:
    policies, snapshot = random_case(7)
    asked = [shardwright.compile(policies).explain(snapshot, seed=1) for _ in range(2)]
    name = asked[0].problem.cluster.shards.ids[0]
    first, second = (shard_document(one, one.why(name)) for one in asked)
    assert first == second


def test_a_shard_heavier_than_every_node_has_no_node() -> None:
    snapshot = cluster([node("n1"), node("n2")], [shard("s1", load={"cpu": 11})])
    explainer = shardwright.compile([]).explain(snapshot)
    assert explainer.origin == "best_effort"
    (group,) = explainer.why("s1").groups
    assert not group.allowed
    (reason,) = shard_document(explainer, explainer.why("s1"))["nodes"][0]["reasons"]
    assert (reason["policy"], reason["says"]) == ("capacity", "forbids")
    assert reason["text"] == "no room: it adds 11 cpu, at most 10 of 10 left"
