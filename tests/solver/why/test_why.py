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
from tests.solver.making import cluster, constrained, node, shard
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


def test_what_a_required_rule_closes_is_not_allowed_whoever_makes_way() -> None:
    """A replica on a node that is down could leave for a place that is as wrong; that allows nothing."""
    nodes = [node("n1", "east", state="down"), node("n2", "east", state="down"), node("n3", "west")]
    snapshot = cluster(nodes, [shard("s1", placement=[{"node": "n1"}])])
    east = constrained("in-east", region="east")
    explainer = shardwright.compile([east]).explain(snapshot, {"s1": [{"node": "n1"}]})
    groups = shard_document(explainer, explainer.why("s1"))["nodes"]
    told = {
        one["nodes"][0]: (one["verdict"], [(r["policy"], r["says"]) for r in one["reasons"]])
        for one in groups
    }
    assert told["n1"][1] == [("fewest_moves", "stays"), ("node_state", "breaks"), ("in-east", "holds")]
    assert told["n2"] == ("no", [("node_state", "forbids")])
    assert told["n3"] == ("no", [("in-east", "forbids")])
    (group,) = explainer.why_all()
    assert {rule.owner for rule in group.against} == {"node_state", "in-east"}


def test_a_shard_without_replicas_may_not_be_where_a_required_rule_forbids_it() -> None:
    """That a replica more would be right does not make its place right."""
    nowhere = constrained("nowhere", region="north")
    explainer = shardwright.compile([nowhere]).explain(cluster([node("n1"), node("n2")], [shard("s1")]))
    assert explainer.origin == "best_effort"
    assert [group.allowed for group in explainer.why("s1").groups] == [False]
