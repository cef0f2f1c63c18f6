"""Documents of the right shape that cannot be meant so."""

from __future__ import annotations

from typing import Any

import pytest

from tests.policies.making import codes, helps, of_type, only, placement, policy, text_of, underlined


def when(*items: dict[str, Any]) -> dict[str, Any]:
    return {"all": list(items)}


def compare(metric: str, operator: str, value: Any = None) -> dict[str, Any]:
    test = {"metric": metric, "operator": operator, "value": value}
    return {key: item for key, item in test.items() if item is not None}


@pytest.mark.parametrize(
    ("document", "message", "least", "most"),
    [
        (
            policy(actions=placement(min_replicas=3, max_replicas=2)),
            "`min_replicas` 3 is greater than `max_replicas` 2",
            "3",
            "2",
        ),
        (
            of_type("replication", {"replicas": 4, "max_replicas": 2}),
            "`replicas` 4 is greater than `max_replicas` 2",
            "4",
            "2",
        ),
        (
            of_type("replication", {"per": {"region": {"eu": {"min": 5, "max": 1}}}}),
            "`min` 5 is greater than `max` 1",
            "5",
            "1",
        ),
        (
            of_type("replication", {"cross_region": {"min_regions": 3, "max_regions": 2}}),
            "`min_regions` 3 is greater than `max_regions` 2",
            "3",
            "2",
        ),
    ],
)
def test_a_least_number_above_the_greatest_is_an_error_at_both(
    document: dict[str, Any], message: str, least: str, most: str
) -> None:
    found = only(document)
    assert (found.code, found.severity, found.message) == ("E1108", "error", message)
    assert [text_of(span) for span in found.spans] == [least, most]


def test_counts_of_two_actions_of_one_policy_are_compared_too() -> None:
    both = {"placement": {"constraints": {"min_replicas": 3}}, "replication": {"max_replicas": 2}}
    assert "E1108" in codes(policy(actions=both))


def test_equal_bounds_and_a_count_within_them_are_fine() -> None:
    assert codes(of_type("replication", {"replicas": 2, "min_replicas": 2, "max_replicas": 2})) == []


def test_a_policy_that_ends_before_it_begins() -> None:
    found = only(policy(valid_from="2026-02-01T00:00:00Z", valid_until="2026-01-01T00:00:00+01:00"))
    assert (found.code, found.severity) == ("E1112", "error")
    assert found.message == "`valid_from` is after `valid_until`: the policy is never valid"
    assert underlined(found) == '"2026-02-01T00:00:00Z"'


def test_an_action_of_another_type_is_a_warning_below_its_key() -> None:
    found = only(policy(actions={"placement": {}, "migration": {"stay": True}}))
    assert (found.code, found.severity) == ("W2001", "warning")
    assert found.message == "`migration` is an action of another type than the policy's, `placement`"
    assert underlined(found) == '"migration"'


def test_no_action_is_an_error() -> None:
    found = only(policy(actions={}))
    assert (found.code, found.message, underlined(found)) == ("E1109", "the policy has no action", "{}")
    assert helps(found) == ['write `"actions": {"placement": {...}}`']


@pytest.mark.parametrize(
    ("constraints", "message"),
    [
        ({"spread": {"by": "zone"}}, "`spread` needs one of `max`, `min_values` or `max_skew`"),
        ({"apart_from": {"by": "zone"}}, "`apart_from` needs either `group` or `shards`"),
        ({"together_with": [{"differing_in": "a"}]}, "`together_with` needs either `group` or `shards`"),
    ],
)
def test_an_object_that_asks_for_nothing_is_an_error(constraints: dict[str, Any], message: str) -> None:
    found = only(policy(actions=placement(**constraints)))
    assert (found.code, found.message) == ("E1110", message)


def test_staying_and_leaving_exclude_each_other() -> None:
    found = only(of_type("migration", {"stay": True, "leave": {"zone": "a"}}))
    assert (found.code, underlined(found), underlined(found, 1)) == ("E1111", "true", '{"zone": "a"}')


@pytest.mark.parametrize(
    "conditions",
    [
        when(compare("current.cpu", "lt", 5)),
        {"expr": "shard.tier == 'gold' and current.cpu < 5"},
        when({"not": compare("node.cpu", "lt", {"metric": "current.cpu"})}),
    ],
)
def test_current_is_for_migration_only(conditions: dict[str, Any]) -> None:
    found = only(policy(conditions=conditions))
    assert (found.code, underlined(found)) == ("E2004", "current.cpu")
    assert found.message == "`current.cpu` has no meaning in a `placement` policy"
    assert helps(found) == ["did you mean `node.cpu`, the node that may take the replica?"]
    assert codes({**policy(conditions=conditions), "type": "migration", "actions": {"migration": {}}}) == []


@pytest.mark.parametrize("kind", ["load_balancing", "cost_optimization"])
def test_shard_and_node_in_one_condition_where_sites_are_the_same_for_all(kind: str) -> None:
    mixed = {"any": [compare("shard.tier", "eq", "gold"), compare("node.cpu", "lt", 5)]}
    found = only(of_type(kind, {}, conditions=when(mixed)))
    assert (found.code, found.message) == (
        "E1113",
        f"a `{kind}` policy cannot judge shard and node in one condition",
    )
    apart = when(compare("shard.tier", "eq", "gold"), compare("node.cpu", "lt", 5))
    assert codes(of_type(kind, {}, conditions=apart)) == []


IMPOSSIBLE = [
    ("x < 5", "x > 10"),
    ("x < 5", "x >= 5"),
    ("x <= 5", "x > 5"),
    ("x == 'a'", "x == 'b'"),
    ("x in ['a', 'b']", "x in ['c']"),
    ("x == 'a'", "x != 'a'"),
    ("x in ['a', 'b']", "x not in ['a', 'b', 'c']"),
    ("x == 3", "x > 10"),
    ("x == 'gold'", "x > 10"),
    ("x between [1, 2]", "x between [3, 4]"),
    ("x not exists", "x == 'a'"),
    ("x not exists", "x exists"),
]
POSSIBLE = [
    ("x < 5", "x > 4"),
    ("x <= 5", "x >= 5"),
    ("x == '3'", "x == 3"),
    ("x == 'a'", "x in ['a', 'b']"),
    ("x == 'a'", "x != 'b'"),
    ("x not exists", "x != 'a'"),
    ("x == 11", "x > 10"),
    ("x between [1, 3]", "x between [3, 4]"),
    ("x matches 'a*'", "x == 'b'"),
]


def expression(first: str, second: str) -> dict[str, Any]:
    return {"expr": " and ".join(f"node.{part}" for part in (first, second))}


@pytest.mark.parametrize(("first", "second"), IMPOSSIBLE)
def test_comparisons_that_are_never_true_together_are_a_warning(first: str, second: str) -> None:
    found = only(policy(conditions=expression(first, second)))
    assert (found.code, found.severity) == ("W2003", "warning")
    assert "node.x" in found.message


@pytest.mark.parametrize(("first", "second"), POSSIBLE)
def test_comparisons_that_can_be_true_together_are_fine(first: str, second: str) -> None:
    assert codes(policy(conditions=expression(first, second))) == []


def test_an_impossible_pair_is_shown_in_both_places() -> None:
    found = only(policy(conditions=when(compare("node.cpu", "lt", 5), compare("node.cpu", "gt", 10))))
    assert found.message == "`node.cpu < 5` and `node.cpu > 10` are never true together"
    assert underlined(found) == '{"metric": "node.cpu", "operator": "gt", "value": 10}'
    assert underlined(found, 1) == '{"metric": "node.cpu", "operator": "lt", "value": 5}'


def test_alternatives_may_exclude_each_other() -> None:
    either = {"any": [compare("node.cpu", "lt", 5), compare("node.cpu", "gt", 10)]}
    assert codes(policy(conditions=either)) == []


@pytest.mark.parametrize(
    ("action", "message"),
    [
        (
            {"replicas": 2, "spread": {"by": "zone", "min_values": 3}},
            "`min_values` asks for 3 and `replicas` allows at most 2 replicas",
        ),
        (
            {"max_replicas": 1, "cross_region": {"min_regions": 2}},
            "`min_regions` asks for 2 and `max_replicas` allows at most 1 replica",
        ),
        (
            {"replicas": 2, "per": {"region": {"a": 2, "b": {"min": 1}}}},
            "`region` asks for 3 and `replicas` allows at most 2 replicas",
        ),
    ],
)
def test_more_places_than_replicas_are_a_warning(action: dict[str, Any], message: str) -> None:
    found = only(of_type("replication", action))
    assert (found.code, found.severity, found.message) == ("W2004", "warning", message)


def test_a_scope_that_selects_nothing_is_a_warning() -> None:
    found = only(policy(scope={"groups": []}))
    assert (found.code, underlined(found)) == ("W2005", "[]")


def test_a_policy_without_description_and_priority_is_told_so() -> None:
    assert codes(policy(description=None, priority=None)) == ["W1001", "W1002"]


LATER = [
    (policy(schedule=[{"days": ["mon"], "from": "01:00", "to": "05:00"}]), "`schedule`"),
    (policy(template="t", parameters={"x": 1}), "`template`"),
    (of_type("replication", {"consistency": "quorum"}), "`replication.consistency`"),
    (of_type("replication", {"survive": "zone"}), "`replication.survive`"),
    (of_type("replication", {"leader": {"balance": True}}), "`replication.leader`"),
    *[
        (of_type("migration", {key: 1}), f"`migration.{key}`")
        for key in ("max_moves", "max_concurrent", "max_moves_per_node", "max_moves_per_group")
    ],
    *[(of_type("migration", {key: 1}), f"`migration.{key}`") for key in ("max_bytes", "bandwidth")],
    (of_type("migration", {"cooldown": "1h"}), "`migration.cooldown`"),
    (of_type("migration", {"window": "nonsense"}), "`migration.window`"),
    (of_type("cost_optimization", {"budget": {"per_hour": 5}}), "`cost_optimization.budget`"),
    (of_type("cost_optimization", {"max_cost_per_shard": 5}), "`cost_optimization.max_cost_per_shard`"),
    (of_type("cost_optimization", {"minimize": "traffic"}), '`cost_optimization.minimize "traffic"`'),
    (
        policy(conditions={"function": "percentile", "args": ["node.cpu", 95], "operator": "gt", "value": 1}),
        "functions in conditions",
    ),
    (policy(conditions=compare("node.cpu", "lt", {"expr": "1.2 * 3"})), "computed values"),
]


@pytest.mark.parametrize(("document", "words"), LATER)
def test_what_is_not_supported_yet_is_answered_by_name(document: dict[str, Any], words: str) -> None:
    found = [item for item in problems_of(document) if words in item.message]
    assert [item.code for item in found] == ["E1090"]
    assert set(codes(document)) == {"E1090"}


def problems_of(document: dict[str, Any]) -> Any:
    from tests.policies.making import problems

    return problems(document)


def test_selectors_are_judged_wherever_they_stand() -> None:
    strange = {"tier": {"inn": ["gold"]}}
    documents = [
        policy(scope={"shards": strange}),
        policy(actions=placement(labels=strange)),
        policy(actions=placement(**strange)),
        policy(actions=placement(apart_from=[{"shards": strange}])),
        policy(actions={"placement": {"preferences": [{"labels": strange}]}}),
        of_type("migration", {"target": strange}),
        of_type("migration", {"leave": strange}),
        of_type("cost_optimization", {"prefer": [{"labels": strange}]}),
    ]
    for document in documents:
        assert underlined(only(document)) == '"inn"'
