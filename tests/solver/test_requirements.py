"""Counts that conditions ask for are decided before the conditions are."""

from __future__ import annotations

from tests.solver.making import cluster, constrained, node, nodes_of, policy, problem_of, shard, solved


def reading(operator: str, count: int) -> dict:
    """A policy for shards that have, or shall have, so many replicas."""
    condition = {"none": [{"metric": "shard.replicas", "operator": operator, "value": count}]}
    return constrained("reads", "yielding", region="us") | {"conditions": {"all": [condition]}}


def test_a_policy_may_read_the_count_that_another_limits() -> None:
    """Negation over a count left every count at 0, and nothing was placed."""
    snapshot = cluster([node("a", "us"), node("b", "eu")], [shard("s", "a", "b")])
    policies = [reading("lte", 3), constrained("most", "yielding", max_replicas=2)]
    assert problem_of(policies, snapshot).floor.tolist() == [2]
    assert solved(policies, snapshot).placement == {
        "s": [{"node": "a", "role": "leader"}, {"node": "b", "role": "follower"}]
    }


def test_a_policy_may_read_a_count_that_overrules_another() -> None:
    snapshot = cluster([node(name) for name in "abcd"], [shard("s", "a")])
    counts = [
        policy(f"count-{priority}", "replication", {"replicas": priority + 1}) | {"priority": priority}
        for priority in (1, 2)
    ]
    problem = problem_of([reading("eq", 2), *counts], snapshot)
    assert problem.ceiling.tolist() == [2]
    assert [
        problem.requirements.speaks[rule.id].any() for rule in problem.rules if rule.policy == "reads"
    ] == [False]


def test_a_number_equals_the_text_that_spells_it() -> None:
    """In a metric as in a label: `"5"` and `5` ask for the same metric."""
    nodes = [node("n1", metrics={"level": 5}), node("n2", metrics={"level": 6}), node("n3")]
    for value in ("5", "5.0", 5):
        level = {"conditions": {"metric": "node.level", "operator": "eq", "value": value}}
        result = solved([constrained("p") | level], cluster(nodes, [shard("s1")]))
        assert nodes_of(result.placement) == {"s1": {"n1"}}
