"""The examples are in order and show what their README says they show."""

from __future__ import annotations

from pathlib import Path

import pytest

import shardwright
from shardwright.cluster.load import load_cluster
from shardwright.policies.load import load_policies
from shardwright.solver.result import Result

EXAMPLES = Path(__file__).parents[2] / "examples"


@pytest.mark.parametrize("folder", [EXAMPLES, EXAMPLES / "first"], ids=["examples", "first"])
def test_cluster_and_policies_are_accepted(folder: Path) -> None:
    load_cluster(folder / "cluster.json")
    policies, problems = load_policies([folder / "policies"])
    assert problems == []
    assert len(policies.policies) == len(list((folder / "policies").glob("*.json")))


def test_the_story_has_its_cast() -> None:
    cluster = load_cluster(EXAMPLES / "cluster.json")
    assert cluster.nodes.labels["region"].values == ("eu-central", "us-east", "us-west")
    assert cluster.nodes.state.values == ("active", "draining")
    assert (len(cluster.nodes.ids), len(cluster.shards.ids)) == (12, 60)
    unplaced = set(range(60)) - set(cluster.settled.shard.tolist())
    assert {cluster.shards.ids[row] for row in unplaced} == {
        "analytics-10",
        "orders-12",
        "search-09",
        "sessions-14",
    }
    hot = cluster.nodes.metrics["cpu_usage"] > 85
    assert [name for name, is_hot in zip(cluster.nodes.ids, hot, strict=True) if is_hot] == ["us-west-1"]


def test_every_type_of_policy_has_an_example() -> None:
    policies = [policy.model for policy in load_policies([EXAMPLES / "policies"])[0].policies]
    assert {policy.type for policy in policies} == {
        "placement",
        "migration",
        "replication",
        "load_balancing",
        "cost_optimization",
    }
    assert [policy.name for policy in policies if not policy.enabled] == ["weekend-consolidation"]
    assert [policy.name for policy in policies if policy.depends_on] == ["cool-hot-nodes"]


def solved(folder: Path) -> Result:
    return shardwright.compile(str(folder / "policies")).solve(str(folder / "cluster.json"), time_limit=60)


def test_the_first_example_keeps_everything() -> None:
    result = solved(EXAMPLES / "first")
    assert (result.status, result.gave_up) == ("optimal", [])
    assert result.placement is not None
    nodes = {shard: {replica["node"] for replica in some} for shard, some in result.placement.items()}
    assert all(len(places) == 2 for places in nodes.values())
    assert all(node.startswith("west-") for places in nodes.values() for node in places)
    # The hot node keeps the one shard that it has.
    assert [shard for shard, places in nodes.items() if "west-3" in places] == ["carts-2"]


def test_in_the_story_only_sessions_near_users_gives_way() -> None:
    result = solved(EXAMPLES)
    assert result.status == "optimal"
    assert {item.policy for item in result.gave_up} == {"sessions-near-users"}
    assert sum(item.amount for item in result.gave_up) == 8
    assert sum(move.source is not None for move in result.moves) == 20
