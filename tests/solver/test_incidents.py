"""What an operator reads first when a night goes wrong: the reason, what is closed, a slip, the way out."""

from __future__ import annotations

from typing import Any

import pytest

import shardwright
from shardwright.cluster.load import cluster_from
from shardwright.solver.conflicts.answer import conflicts_of
from shardwright.solver.conflicts.find import Findings, find
from shardwright.solver.conflicts.question import Question
from shardwright.solver.conflicts.repairs import trial
from shardwright.solver.conflicts.repairs.patched import patched
from shardwright.solver.exact import Limits
from shardwright.solver.result import Conflict
from tests.solver.making import cluster, constrained, node, policy, shard

Json = dict[str, Any]

EAST = constrained("in-east", region="east")
COPIES = policy("copies", "replication", {"replicas": 2}, enforcement="required", priority=2)
FREEZE = policy("freeze", "migration", {"stay": True}, enforcement="required")


def asked(policies: list[Json], nodes: list[Json], shards: list[Json]) -> list[Conflict]:
    """The conflicts with ways out."""
    snapshot = cluster(nodes, shards, topology=["region", "zone"])
    return list(shardwright.compile(policies).conflicts(snapshot, time_limit=None).conflicts)


def told(policies: list[Json], nodes: list[Json], shards: list[Json]) -> list[Conflict]:
    """The conflicts alone."""
    case = shardwright.compile(policies).on(cluster_from(cluster(nodes, shards)))
    return list(conflicts_of(case.problem, case.policies, Limits()).conflicts)


def regions(*states: str) -> list[Json]:
    """A node in the west, and one in the east for each state."""
    east = [node(f"e{at}", "east", state=state, capacity={"cpu": 8}) for at, state in enumerate(states, 1)]
    return [node("w1", "west", capacity={"cpu": 8}), *east]


def on(name: str, *nodes: str, **more: Any) -> Json:
    return shard(name, placement=[{"node": one} for one in nodes], **more)


CASES: dict[str, tuple[list[Json], list[Json], list[Json], str]] = {
    "all of the nodes are closed": (
        [EAST],
        regions("down", "draining"),
        [shard("a"), shard("b")],
        "both nodes that `in-east` leaves to 2 shards (`a` and `b`) are down or draining (`e1` and `e2`)",
    ),
    "the only node is closed": (
        [EAST],
        regions("down"),
        [shard("a")],
        "the only node that `in-east` leaves to shard `a` is down (`e1`)",
    ),
    "some of the nodes are closed": (
        [EAST],
        regions("active", "maintenance"),
        [shard("a", replicas=2)],
        "shard `a` wants 2 replicas on different nodes, but `in-east` leaves 2 nodes, "
        "1 of them in maintenance (`e2`)",
    ),
    "no node is open to anybody": (
        [],
        [node("n1", state="down"), node("n2", state="draining")],
        [shard("a")],
        "no node is open to shard `a`: all are down or draining (`n1` and `n2`)",
    ),
    "a policy asks for the replicas": (
        [EAST, COPIES],
        regions("active"),
        [shard("a")],
        "`copies` wants 2 replicas of shard `a` on different nodes, but `in-east` leaves 1 node",
    ),
    "more places than replicas": (
        [constrained("wide", spread={"by": "region", "min_values": 2})],
        regions("active"),
        [shard("a"), shard("b")],
        "2 shards (`a` and `b`) need 2 values of region, but have only 1 replica each",
    ),
    "kept where another rule forbids it": (
        [EAST, FREEZE],
        regions("active"),
        [on("a", "w1"), on("b", "w1"), on("c", "e1")],
        "`freeze` keeps 2 shards (`a` and `b`) where they are, but `in-east` forbids that: "
        "shard `a` on node `w1`",
    ),
    "two that need nodes of their own": (
        [EAST, constrained("alone", exclusive=True) | {"scope": {"ids": ["a"]}}],
        regions("active", "active", "active"),
        [shard("a", replicas=2), shard("b", replicas=2)],
        "`alone` keeps 2 shards (`a` and `b`) apart, which need 4 nodes, but `in-east` leaves 3",
    ),
    "all that is short, and of what is scarcest": (
        [],
        [node("n1", capacity={"cpu": 4, "memory": 4})],
        [shard(f"s{at}", load={"cpu": 1, "memory": 4}) for at in range(5)],
        "5 shards (`s0` and `s1` among them) need 20 memory, node `n1` takes 4",
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_the_first_line_tells_what_is_wrong(name: str) -> None:
    policies, nodes, shards, words = CASES[name]
    assert words in [conflict.summary for conflict in told(policies, nodes, shards)]


def test_closed_nodes_are_named_and_brought_back() -> None:
    """Just as many as are needed, in the order of the snapshot."""
    nodes, shards = regions("down", "draining", "active"), [shard("a", replicas=2)]
    (conflict,) = asked([EAST], nodes, shards)
    assert "`node_state` closes to shard `a`: 1 node (`e1`), down; 1 node (`e2`), draining" in conflict.facts
    texts = [repair["text"] for repair in conflict.repairs]
    assert texts[:2] == ["bring node `e1` back into service (it is down)", "add a node like `e1`"]
    healed = patched(cluster(nodes, shards), conflict.repairs[0]["patch"])
    assert shardwright.compile([EAST]).conflicts(healed, time_limit=None).conflicts == ()


@pytest.mark.parametrize(
    ("constraints", "fact", "repair"),
    [
        (
            {"region": "esat"},
            "`rule`: no node of the cluster has `node.labels.region` = `esat`; did you mean `east`?",
            "weaken `rule`: `region` `east` instead of `esat`",
        ),
        (
            {"regoin": "east"},
            "`rule`: no node of the cluster has the label `regoin`; did you mean `region`?",
            None,
        ),
    ],
)
def test_a_slip_of_the_pen_is_told(constraints: Json, fact: str, repair: str | None) -> None:
    (conflict,) = asked([constrained("rule", **constraints)], regions("active"), [shard("a")])
    assert fact in conflict.facts
    assert repair is None or conflict.repairs[0]["text"] == repair


def test_a_number_that_no_node_reaches_is_told_with_the_nearest() -> None:
    cool = constrained("cool") | {"conditions": {"expr": "node.cpu_usage < 0.8"}}
    nodes = [node(f"n{at}", metrics={"cpu_usage": use}) for at, use in enumerate((60, 31, 80))]
    (conflict,) = told([cool], nodes, [shard("a")])
    assert "`cool`: the least `node.cpu_usage` is 31 (`n1`)" in conflict.facts


def test_facts_about_other_resources_are_left_out() -> None:
    (conflict,) = told([], [node("n1", capacity={"cpu": 9, "memory": 4})], [shard("a", load={"memory": 5})])
    assert [fact for fact in conflict.facts if "no node takes" in fact] == [
        "`capacity`: no node takes more than 4 memory (`n1`)"
    ]


def test_a_rule_that_keeps_a_shard_off_few_nodes_names_those() -> None:
    leave = policy(
        "empty",
        "migration",
        {"leave": True},
        enforcement="required",
        conditions={"expr": "current.region == 'west'"},
    )
    pin = constrained("pin", node="w1")
    (conflict,) = told([leave, pin], regions("active", "active", "active"), [shard("a")])
    assert "`empty` keeps shard `a` off 1 node (`w1`) of 4" in conflict.facts


def test_a_place_is_not_just_relabelled() -> None:
    """A node that is said to stand elsewhere has to be moved: a new one is less work."""
    wide = constrained("wide", spread={"by": "zone", "min_values": 2})
    nodes = [node(f"n{at}", labels={"zone": "a"}) for at in range(2)]
    (conflict,) = asked([wide], nodes, [shard("a", replicas=2)])
    assert [repair["text"] for repair in conflict.repairs][:2] == [
        "add a node like `n0` in another zone",
        "move node `n0` to a zone of its own: label zone=`zone-more-1`",
    ]


def test_a_way_out_of_several_conflicts_is_looked_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Replicas that the shard wants itself, and that a policy wants: what removes one removes both."""
    asked_of: list[int] = []

    def counted(question: Question, limits: Limits) -> Findings:
        asked_of.append(len(question.problem.cluster.nodes.ids))
        return find(question, limits)

    monkeypatch.setattr(trial, "find", counted)
    found = asked([EAST, COPIES], regions("active"), [shard("a", replicas=2)])
    assert len(found) == 2
    assert [conflict.repairs[0]["text"] for conflict in found] == ["add a node like `e1`"] * 2
    assert asked_of.count(3) == 1
