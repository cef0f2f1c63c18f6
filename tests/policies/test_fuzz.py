"""Whatever stands in a document, loading it ends in a policy or in diagnostics, never in an exception."""

from __future__ import annotations

import copy
import json
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as some

from shardwright.policies.graph import graph_json, in_force, order
from shardwright.policies.load import load_text
from tests.policies.making import policy

FULL = policy(
    scope={"shards": {"tier": ["gold"]}, "groups": ["a"], "ids": "s1"},
    depends_on=["q"],
    extends="q",
    labels={"a": "b"},
    valid_from="2026-01-01T00:00:00Z",
    conditions={"all": [{"metric": "node.cpu", "operator": "lt", "value": 5}, {"expr": "shard.a == 'b'"}]},
    actions={
        "placement": {
            "strategy": "spread",
            "constraints": {
                "region": {"in": ["eu"]},
                "node": ["n1"],
                "spread": {"by": "zone", "max": 1},
                "apart_from": [{"group": "same", "by": "zone"}],
                "exclusive": True,
                "latency": {"from": "eu", "max_ms": 20},
            },
            "preferences": [{"labels": {"disk": "ssd"}, "weight": 2}],
        },
        "replication": {
            "replicas": 2,
            "per": {"region": {"eu": {"min": 1}}},
            "cross_region": {"min_regions": 2},
        },
        "migration": {"leave": {"zone": "a"}, "minimize": "moves", "max_moves": 3},
        "load_balancing": {
            "max_utilization": {"cpu": 80},
            "headroom": [{"of": "a", "per": "b", "target": 2}],
        },
        "cost_optimization": {"prefer": {"labels": {}}, "consolidate": True},
    },
)
strange = some.recursive(
    some.none()
    | some.booleans()
    | some.integers()
    | some.floats(allow_nan=False, allow_infinity=False)
    | some.text(),
    lambda inner: some.lists(inner, max_size=2) | some.dictionaries(some.text(max_size=4), inner, max_size=2),
    max_leaves=4,
)


def places(value: Any, above: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    keys = value if isinstance(value, dict) else range(len(value)) if isinstance(value, list) else ()
    return [way for key in keys for way in [(*above, key), *places(value[key], (*above, key))]]


def put(document: Any, way: tuple[Any, ...], value: Any) -> Any:
    changed = copy.deepcopy(document)
    holder = changed
    for key in way[:-1]:
        holder = holder[key]
    holder[way[-1]] = value
    return changed


@settings(max_examples=400, deadline=None)
@given(some.sampled_from(places(FULL)), strange)
def test_any_value_anywhere_is_answered(way: tuple[Any, ...], value: Any) -> None:
    text = json.dumps([put(FULL, way, value), policy(name="q")])
    policies, found = load_text(text)
    assert all(item.spans and item.message for item in found)
    assert len(policies) == 2 or any(item.severity == "error" for item in found)
    order(policies)
    in_force(policies, "2026-06-01T00:00:00Z")
    json.loads(graph_json(policies))


@settings(deadline=None)
@given(strange)
def test_any_document_is_answered(value: Any) -> None:
    policies, found = load_text(json.dumps(value))
    assert len(policies) == 0
    assert found
