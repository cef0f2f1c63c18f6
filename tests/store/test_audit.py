"""The audit chain: whatever is changed, taken away or put elsewhere, the first bad record is named."""

from __future__ import annotations

import hashlib
import json
from typing import Any

import msgspec
import pytest

from shardwright.store.chain import NOTHING, Break, Link, as_json, seal
from shardwright.store.engine import AUDIT, EXECUTIONS, META, POLICIES, VERSIONS, Batch, Table
from shardwright.store.rows import AuditRow, MetaRow, Row
from shardwright.store.store import Store
from tests.store.making import by, create, execution, remove, update


@pytest.fixture
def written(store: Store) -> Store:
    """Six records: the store, two policies, two updates, a deletion."""
    create(store, "a")
    create(store, "b")
    update(store, "a", priority=2)
    update(store, "b", priority=2)
    remove(store, "a")
    return store


def put(store: Store, *rows: tuple[Table[Any], Row]) -> None:
    """Put rows behind the store's back."""
    batch = Batch()
    for table, row in rows:
        batch.put(table, row)
    store.engine.commit(lambda _: batch)


def drop(store: Store, table: Table[Any], *key: int) -> None:
    batch = Batch()
    batch.delete(table, *key)
    store.engine.commit(lambda _: batch)


def record(store: Store, number: int) -> AuditRow:
    row = store.engine.get(AUDIT, number)
    assert row is not None
    return row


def test_what_was_written_verifies(written: Store) -> None:
    assert written.verify() is None
    assert [row.action for row in written.audit()] == [
        "store created",
        "create",
        "create",
        "update",
        "update",
        "delete",
    ]


def test_anybody_can_compute_the_hashes(written: Store) -> None:
    """With nothing but json and hashlib, as the module's first lines say."""
    previous = NOTHING
    for row in written.audit():
        document = json.loads(json.dumps(as_json(row)))
        told = document.pop("hash")
        text = json.dumps(document, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        assert hashlib.sha256(text.encode()).hexdigest() == told
        assert document["previous"] == previous
        previous = told


COLUMNS = ("actor", "at", "action", "reason", "hash", "previous", "details")


def test_a_changed_record_is_named(written: Store) -> None:
    """Whichever it is, and whatever of it was changed."""
    for number in range(1, 7):
        row = record(written, number)
        for column in COLUMNS:
            other: object = {"x": 1} if column == "details" else getattr(row, column) + "x"
            put(written, (AUDIT, msgspec.structs.replace(row, **{column: other})))
            assert written.verify() == Break(number, "it was changed: its content does not have its hash")
        put(written, (AUDIT, row))
    assert written.verify() is None


def test_a_missing_record_is_named(written: Store) -> None:
    for number in range(1, 7):
        row = record(written, number)
        drop(written, AUDIT, number)
        assert written.verify() == Break(number, "it is missing")
        put(written, (AUDIT, row))


def test_swapped_records_are_named(written: Store) -> None:
    """Put under each other's numbers, whatever they say of themselves."""
    two, five = record(written, 2), record(written, 5)
    swapped = [msgspec.structs.replace(two, number=5), msgspec.structs.replace(five, number=2)]
    put(written, *((AUDIT, row) for row in swapped))
    assert written.verify() == Break(2, "it was changed: its content does not have its hash")


def test_a_forged_record_with_a_right_hash_breaks_the_chain_after_it(written: Store) -> None:
    document = {name: value for name, value in as_json(record(written, 3)).items() if name != "hash"}
    forged = seal({**document, "actor": "mallory"})
    put(written, (AUDIT, forged))
    assert written.verify() == Break(4, "it does not follow record 3: one of the two was replaced")


def test_the_last_record_cannot_be_forged_either(written: Store) -> None:
    document = {name: value for name, value in as_json(record(written, 6)).items() if name != "hash"}
    put(written, (AUDIT, seal({**document, "actor": "mallory"})))
    assert written.verify() == Break(6, "it is not the record that the store wrote last")


def test_an_added_record_is_named(written: Store) -> None:
    document = {name: value for name, value in as_json(record(written, 6)).items() if name != "hash"}
    put(written, (AUDIT, seal({**document, "number": 7})))
    assert written.verify() == Break(7, "the store's last record is 6: this one was added")


def test_a_chain_that_was_written_anew_is_seen_by_whoever_noted_its_head(written: Store) -> None:
    noted = written.head
    create(written, "c")
    assert written.verify(noted) is None
    assert written.verify(Link(noted.number, "0" * 64)) == Break(6, "it has another hash than the noted one")
    late = written.verify(Link(9, noted.hash))
    assert late == Break(8, "it is missing, and so are all up to the noted record 9")


def test_a_version_that_was_changed_is_named_by_the_record_that_made_it(written: Store) -> None:
    row = written.version("b", 1)
    put(written, (VERSIONS, msgspec.structs.replace(row, definition="{}\n")))
    assert written.verify() == Break(3, "version 1 of `b` that it made was changed")


def test_a_version_that_is_missing_is_named(written: Store) -> None:
    drop(written, VERSIONS, written.policy("b").id, 1)
    assert written.verify() == Break(3, "version 1 of `b` that it made is missing")


def test_a_policy_that_was_changed_is_named(written: Store) -> None:
    row = written.policy("b")
    put(written, (POLICIES, msgspec.structs.replace(row, definition="{}\n")))
    assert written.verify() == Break(5, "policy `b` was changed: its text does not have its hash")
    put(written, (POLICIES, msgspec.structs.replace(row, version=1)))
    assert written.verify() == Break(5, "policy `b` is not at the version that it made")


def test_a_head_that_was_set_back_is_seen(written: Store) -> None:
    fifth = record(written, 5)
    value = {"number": 5, "hash": fifth.hash, "at": fifth.at}
    put(written, (META, MetaRow(key="head", value=value)))
    assert written.verify() == Break(6, "the store's last record is 5: this one was added")


@pytest.mark.parametrize("column", ["author", "reason", "created_at", "number", "overrides"])
def test_a_version_that_names_another_who_when_or_why_is_named(column: str, written: Store) -> None:
    """Not only the text of a version is told by its record."""
    version = written.version("a", 1)
    other = {"number": 99, "overrides": ("E3001: nothing",)}.get(column, "2020-01-01T00:00:00.000000Z")
    put(written, (VERSIONS, msgspec.structs.replace(version, **{column: other})))
    found = written.verify()
    assert found is not None
    assert (found.number, found.why) == (version.number, "version 1 of `a` says another who, when or why")


def test_an_execution_that_was_changed_or_taken_away_is_named(written: Store) -> None:
    """In any of its columns, and what it was asked of and answered with."""
    row = written.record(execution(1), by(1))
    assert written.verify() is None
    put(written, (EXECUTIONS, msgspec.structs.replace(row, status="optimal?")))
    assert written.verify() == Break(written.number, "execution 1 that it made was changed")
    drop(written, EXECUTIONS, row.id)
    assert written.verify() == Break(written.number, "execution 1 that it made is missing")
