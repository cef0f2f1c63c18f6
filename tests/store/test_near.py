"""What a change has to do with is seen from the texts: nothing that is found with all policies is missed."""

from __future__ import annotations

import json
from random import Random
from typing import Any

import pytest

from shardwright.keeping import conflicts
from shardwright.keeping.catalog import Catalog
from shardwright.keeping.documents import Document
from shardwright.keeping.near import nearby
from shardwright.keeping.plans import plan_create, plan_update
from shardwright.policies.read import Text
from shardwright.store.rows import PolicyRow
from tests.solver.making import constrained
from tests.store.making import by

Json = dict[str, Any]


def catalog(policies: list[Json]) -> Catalog:
    rows = [
        PolicyRow(
            id=number,
            name=one["name"],
            type=one["type"],
            version=1,
            priority=one["priority"],
            definition=json.dumps(one),
            created_at="",
            updated_at="",
            hash="",
            state="active",
            number=number,
        )
        for number, one in enumerate(policies)
    ]
    return Catalog({row.name: row for row in rows})


def scoped(name: str, scope: Json, region: str = "a") -> Json:
    return constrained(name, region=region) | {"scope": scope}


def near(policies: list[Json], changed: Json) -> set[str] | None:
    found = nearby(catalog(policies), {changed["name"]}, [json.dumps(changed)])
    return None if found is None else found - {changed["name"]}


def test_other_texts_for_one_label_are_other_shards() -> None:
    mine = scoped("mine", {"shards": {"tenant": ["t1", "t2"]}, "groups": ["g"]})
    others = [
        scoped("apart", {"shards": {"tenant": "t3"}}),
        scoped("group", {"groups": ["h"]}),
        scoped("same", {"shards": {"tenant": ["t2", "t3"]}}),
        scoped("tier", {"shards": {"tier": "gold"}}),
        scoped("every", {}),
        scoped("not", {"shards": {"tenant": {"not_in": ["t1"]}}}),
        scoped("number", {"shards": {"tenant": 3}}),
        scoped("spelled", {"shards": {"tenant": "3.0"}}),
        {"name": "child", "type": "placement", "priority": 1, "extends": "apart"},
    ]
    assert near(others, mine) == {"same", "tier", "every", "not", "number", "spelled", "child", "apart"}
    assert near(others[:-1], mine) == {"same", "tier", "every", "not", "number", "spelled"}
    assert near(others, scoped("mine", {})) is None


@pytest.mark.parametrize("seed", range(8))
def test_what_a_change_brings_is_the_same_as_among_all(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    random = Random(seed)
    policies = [drawn(random, f"p{at}") for at in range(25)]
    new = drawn(random, random.choice(("p3", "p30")))
    before, kept = catalog(policies), [Document(new["name"], json.dumps(new))]
    texts = [Text("new.json", json.dumps(new))]
    plan = (
        plan_update(before, kept, texts, by(), None)
        if new["name"] == "p3"
        else plan_create(before, kept, texts, by(), "active")
    )
    found = brought(plan, before, new["name"])
    monkeypatch.setattr(conflicts, "nearby", lambda *_: None)
    assert found == brought(plan, before, new["name"])


def brought(plan: Any, before: Catalog, name: str) -> list[tuple[str, str]]:
    return sorted((item.code, item.message) for item in conflicts._brought(plan, before, {name}))


def drawn(random: Random, name: str) -> Json:
    one = constrained(name, random.choice(("required", "yielding")), **random.choice(CONSTRAINTS))
    tenants = [f"t{random.randrange(4)}" for _ in range(random.choice((1, 1, 2)))]
    scopes: tuple[Json, ...] = (
        {"shards": {"tenant": tenants}},
        {"groups": tenants},
        {"shards": {"tenant": tenants[0]}},
    )
    return one | {"scope": random.choice(scopes), "priority": random.randint(1, 3)}


CONSTRAINTS: tuple[Json, ...] = (
    {"region": "a"},
    {"region": "b"},
    {"zone": ["a", "b"]},
    {"min_replicas": 3},
    {"max_replicas": 2},
    {"spread": {"by": "zone", "max": 1}},
)
