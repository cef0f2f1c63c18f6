"""What a change of a store means is told before it is made, quickly, and with what was left out."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from shardwright.cluster.load import cluster_from
from shardwright.keeping.alone import between_versions
from shardwright.keeping.carry_out import carry_out, document, preview
from shardwright.keeping.catalog import Catalog
from shardwright.keeping.documents import Document
from shardwright.keeping.meaning import Preview, meaning
from shardwright.keeping.plans import (
    Plan,
    plan_create,
    plan_delete,
    plan_rollback,
    plan_step,
    plan_update,
    targets_at,
)
from shardwright.policies.read import Text
from shardwright.store.moments import Moment
from shardwright.store.store import Store
from tests.solver.making import Json, cluster, constrained, node, policy, shard
from tests.store.making import by

CLUSTER = cluster([node("n1", labels={"zone": "a"}), node("n2", labels={"zone": "b"})], [shard("s1", "n1")])


def texts(*policies: Json) -> tuple[list[Document], list[Text]]:
    kept = [Document(policy["name"], json.dumps(policy)) for policy in policies]
    return kept, [Text(f"{item.name}.json", item.text) for item in kept]


def create(store: Store, *policies: Json, draft: bool = False) -> None:
    plan = plan_create(Catalog.of(store), *texts(*policies), by(), "draft" if draft else "active")
    carry_out(plan, store, "", 0)


def update(store: Store, policy: Json) -> Plan:
    return plan_update(Catalog.of(store), *texts(policy), by(), None)


def test_the_meaning_is_that_of_the_policies_in_force(store: Store) -> None:
    """The same rule in another policy makes a change equivalent; a draft changes nothing yet."""
    create(store, constrained("p", zone="a"), constrained("q", zone="a"))
    create(store, constrained("r", zone="b"), draft=True)
    catalog = Catalog.of(store)
    gone = meaning(plan_delete(catalog, ["p"], by()), catalog)
    assert gone is not None
    assert gone.comparison is not None
    assert (gone.comparison.verdict, gone.cut_short) == ("equivalent", ())
    drafted = meaning(update(store, constrained("r", zone=["b", "c"])), catalog)
    assert drafted is not None
    assert drafted.comparison is not None
    assert drafted.comparison.verdict == "equivalent"
    activated = meaning(plan_step("activate", catalog, ["r"], by()), catalog)
    assert activated is not None
    assert activated.comparison is not None
    assert activated.comparison.verdict == "stricter"


def test_a_change_of_nothing_has_no_meaning(store: Store) -> None:
    create(store, constrained("p", zone="a"))
    catalog = Catalog.of(store)
    assert meaning(plan_step("activate", catalog, ["p"], by()), catalog) is None


def test_on_a_cluster_the_moves_are_told(store: Store) -> None:
    create(store, constrained("p", zone="a"))
    catalog = Catalog.of(store)
    found = meaning(update(store, constrained("p", zone="b")), catalog, cluster_from(CLUSTER))
    assert found is not None
    told = found.to_json()
    assert told["verdict"] == "different"
    assert told["on_cluster"]["moves"] == {
        "only_old": [],
        "only_new": [{"shard": "s1", "from": "n1", "to": "n2"}],
    }
    assert told["cut_short"] == []


@pytest.mark.parametrize(
    ("most", "verdict", "words"),
    [
        (3, "stricter", []),
        (2, "stricter", ["1 of 3 policies were left out; up to 2 are compared"]),
        (1, None, ["2 policies are concerned; up to 1 are compared"]),
    ],
)
def test_a_large_store_is_compared_in_part_and_that_is_said(
    store: Store, most: int, verdict: str | None, words: list[str]
) -> None:
    create(store, constrained("p", zone=["a", "b"]), constrained("q", rack="x"), constrained("r", disk="ssd"))
    relying = constrained("q", rack="x") | {"depends_on": ["p"]}
    carry_out(update(store, relying), store, "", 0)
    plan = update(store, constrained("p", zone="a"))
    found = meaning(plan, Catalog.of(store), limits=Preview(policies=most))
    assert found is not None
    assert found.to_json()["verdict"] == verdict
    assert found.to_json()["cut_short"] == words


def test_a_search_that_ends_early_says_so(store: Store) -> None:
    """Two clusters are too few to come upon placements that tell which of two counts holds."""
    three = policy("three", "replication", {"replicas": 3}, enforcement="required")
    two = policy("two", "replication", {"replicas": 2}, enforcement="required")
    create(store, three | {"priority": 1}, two | {"priority": 2, "scope": {"shards": {"tier": "gold"}}})
    plan = update(store, three | {"priority": 3})
    found = meaning(plan, Catalog.of(store), limits=Preview(trials=2))
    assert found is not None
    assert found.comparison is not None
    assert found.comparison.verdict == "undecided"
    assert found.cut_short == (
        f"no more than {found.comparison.trials} clusters were looked at; `shardwright diff` looks at more",
    )


def test_a_rollback_of_the_whole_store_is_seen_before_it_is_made(store: Store) -> None:
    """What comes back, goes and changes counts together; nothing is written."""
    create(store, constrained("p", zone=["a", "b"]))
    then = Moment(store.number)
    carry_out(update(store, constrained("p", zone="a")), store, "", 0)
    create(store, constrained("q", rack="x"))
    catalog = Catalog.of(store)
    targets = targets_at(store, store.all_names(), then)
    plan = plan_rollback(store, catalog, targets, by(), {})
    told = document(replace(preview(plan, store), meaning=meaning(plan, catalog)))
    assert [(item["name"], item["action"], item["state"]) for item in told["policies"]] == [
        ("p", "rolled back", "active"),
        ("q", "rolled back", "deleted"),
    ]
    assert (told["change"], told["dry_run"], told["meaning"]["verdict"]) == (None, True, "looser")
    assert store.policy("p").version == 2


def test_a_change_that_was_made_is_told_without_its_meaning(store: Store) -> None:
    create(store, constrained("p", zone="a"))
    outcome = carry_out(update(store, constrained("p", zone="b")), store, "", 0)
    assert document(outcome)["meaning"] is None


def test_versions_are_compared_with_what_they_extended_then(store: Store) -> None:
    """The parent changed between the versions, and so did what the child says."""
    create(store, constrained("parent", zone=["a", "b"]), constrained("other", zone="c"))
    child = {"name": "child", "description": "its own", "extends": "parent"}
    create(store, child)
    carry_out(update(store, constrained("parent", zone="a")), store, "", 0)
    carry_out(update(store, child | {"description": "still its own"}), store, "", 0)
    catalog = Catalog.of(store)
    carry_out(plan_delete(catalog, ["child"], by()), store, "", 0)
    first, second, deleted = store.history("child")
    assert between_versions(store, first, second).verdict == "stricter"
    assert between_versions(store, second, deleted).verdict == "looser"
