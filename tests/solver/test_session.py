"""After a failure only what was lost moves, and the short certificate says what the long one says."""

from __future__ import annotations

from typing import Any

import pytest

import shardwright
from shardwright.keeping.runs import differing, plain
from tests.solver.making import cluster, node, shard

Json = dict[str, Any]
SPREAD = {
    "name": "spread-zones",
    "type": "placement",
    "enforcement": "required",
    "actions": {"placement": {"constraints": {"spread": {"by": "zone", "max": 1}}}},
}
NODES = 24


def snapshot(room: float = 40.0) -> Json:
    nodes = [node(f"n{at:02}", labels={"zone": f"z{at % 4}"}, capacity={"cpu": room}) for at in range(NODES)]
    shards = [
        shard(f"s{at:03}", f"n{at % NODES:02}", f"n{(at + 1) % NODES:02}", load={"cpu": 1 + at % 3})
        for at in range(200)
    ]
    return cluster(nodes, shards)


def test_only_what_was_lost_moves() -> None:
    program = shardwright.compile([SPREAD])
    session = program.session(snapshot())
    result = session.change({"n05": "down"})
    held = [replica["id"] for replica in snapshot()["shards"] if {"node": "n05"} in replica["placement"]]
    assert sorted(move.shard for move in result.moves) == sorted(held)
    assert {move.source for move in result.moves} == {"n05"}
    assert result.certificate is not None
    assert result.certificate.certified
    whole = program.certify(session.after({"n05": "down"}), result.to_json())
    assert whole.certificate.terms == result.certificate.terms
    assert [level.cost for level in whole.levels] == [level.cost for level in result.levels]
    assert whole.moves == result.moves
    assert session.change({"n05": "down"}).placement == result.placement


def test_where_the_lost_do_not_fit_others_make_room() -> None:
    """Full nodes: what was lost fits only where something else moves away, or nowhere."""
    program = shardwright.compile([])
    nodes = [node(f"n{at}", capacity={"cpu": 10}) for at in range(3)]
    shards = [
        shard("a", "n0", load={"cpu": 6}),
        shard("b", "n1", load={"cpu": 4}),
        shard("c", "n2", load={"cpu": 5}),
    ]
    session = program.session(cluster(nodes, shards))
    result = session.change({"n0": "down"})
    assert result.status in ("optimal", "feasible")
    assert len(result.moves) == 1
    nothing_left = session.change({"n0": "down", "n1": "down"})
    assert nothing_left.status == "conflict"


def test_an_answer_is_adopted_when_it_has_been_carried_out() -> None:
    program = shardwright.compile([SPREAD])
    session = program.session(snapshot())
    first = session.change({"n05": "down"})
    session.adopt({"n05": "down"}, first)
    assert session.change({}).moves == []
    second = session.change({"n06": "down"})
    assert {move.source for move in second.moves} == {"n06"}
    anew = program.session(session.cluster).change({"n06": "down"})
    assert differing(plain(second.to_json()), plain(anew.to_json())) == []


def test_a_node_that_is_not_there_is_named() -> None:
    with pytest.raises(KeyError, match="n99"):
        shardwright.compile([]).session(snapshot()).change({"n99": "down"})
