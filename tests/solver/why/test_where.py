"""Where: every node has one verdict, and what is not looked at is told."""

from __future__ import annotations

import shardwright
from tests.solver.making import cluster, node, shard


def test_too_many_pairs_leave_what_is_not_forbidden_alone_undecided() -> None:
    nodes = [node(f"n{at}", capacity={"cpu": 5 if at else 1}) for at in range(100)]
    shards = [shard(f"s{at}", load={"cpu": 2}) for at in range(60)]
    explainer = shardwright.compile([]).explain(cluster(nodes, shards), solve=False)
    found = explainer.where("s0")
    assert found.limits == ("pairs",)
    assert found.nodes["never"] == (0,)
    assert len(found.nodes["undecided"]) == 99


def test_an_optimum_that_is_not_proven_decides_nothing() -> None:
    explainer = shardwright.compile([]).explain(cluster([node("n1")], [shard("s1")]), solve=False)
    assert explainer.where("s1", optimal=True).limits == ("optimum",)
    assert explainer.solved().where("s1", optimal=True).nodes["must"] == (0,)
