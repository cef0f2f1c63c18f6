"""A rule that gave something up names the rules that kept it from its own."""

from __future__ import annotations

from typing import Any

from shardwright.solver.result import Result
from tests.solver.making import cluster, constrained, node, policy, shard, solved

Json = dict[str, Any]
NODES = [node(f"n{at}", "us" if at % 2 else "eu") for at in range(4)]


def reasons(result: Result) -> dict[str, list[str]]:
    """The owners of the reasons, by the policy that gave something up."""
    return {item.policy: [reason.split("`")[1] for reason in item.because] for item in result.gave_up}


def pinned(name: str, region: str, priority: int, **more: Any) -> Json:
    return constrained(name, "yielding", region=region) | {"priority": priority} | more


BYSTANDERS = [
    constrained("bystander", max_per_node=9),
    policy("goal", "load_balancing", {}),
    pinned("unimportant", "eu", 9),
]


def test_a_pin_yields_to_residency() -> None:
    residency = constrained("residency", region="eu")
    pin = constrained("pin", "yielding", node="n1") | {"priority": 5}
    result = solved([residency, pin, *BYSTANDERS[:2]], cluster(NODES, [shard("s", "n1")]))
    assert reasons(result) == {"pin": ["residency"]}
    assert result.gave_up[0].because == ["`residency`: only nodes where `node.labels.region == 'eu'`"]


def test_a_count_yields_to_capacity() -> None:
    small = node("small", capacity={"cpu": 0.5})
    three = policy("three", "replication", {"min_replicas": 3})
    result = solved([three, *BYSTANDERS[:1]], cluster([*NODES[:2], small], [shard("s", "n0")]))
    assert reasons(result) == {"three": ["capacity"]}


def test_the_less_important_of_two_rules_yields_to_the_other() -> None:
    policies = [pinned("first", "us", 1), pinned("second", "eu", 2), *BYSTANDERS]
    result = solved(policies, cluster(NODES, [shard("s", "n0")]))
    assert reasons(result) == {"second": ["first"], "unimportant": ["first"]}


def test_the_lighter_of_two_rules_of_one_priority_yields_to_the_other() -> None:
    for weights, yields in (((2, 1), "eu"), ((1, 2), "us")):
        policies = [
            pinned(region, region, 1, weight=weight)
            for region, weight in zip(("us", "eu"), weights, strict=True)
        ]
        result = solved([*policies, *BYSTANDERS[:2]], cluster(NODES, [shard("s", "n0")]))
        assert reasons(result) == {yields: ["us" if yields == "eu" else "eu"]}


def test_reasons_stay_short_among_many_rules() -> None:
    """Twenty rules hold, one is to blame."""
    many = [constrained(f"rule-{at}", "yielding", max_per_node=9) for at in range(20)]
    residency, pin = constrained("residency", region="eu"), pinned("pin", "us", 5)
    shards = [shard(f"s{at}", "n1") for at in range(6)]
    result = solved([residency, pin, *many], cluster(NODES, shards))
    assert {item.policy for item in result.gave_up} == {"pin"}
    assert {tuple(item.because) for item in result.gave_up} == {
        ("`residency`: only nodes where `node.labels.region == 'eu'`",)
    }
