"""Versions: made one after the other, never changed, read back as they were at any moment."""

from __future__ import annotations

import hashlib
import threading
from pathlib import Path

import pytest

from shardwright.store import codes
from shardwright.store.changes import Change, Request
from shardwright.store.engine import VERSIONS
from shardwright.store.faults import StoreError
from shardwright.store.moments import Moment
from shardwright.store.open import read_store, write_store
from shardwright.store.store import Store
from tests.store.making import START, by, change, create, remove, text, update


def test_a_policy_reads_back_as_it_was_written_with_every_column(store: Store) -> None:
    create(store, minute=3, priority=4)
    row = store.policy("p")
    assert (row.id, row.name, row.type, row.version, row.priority) == (1, "p", "placement", 1, 4)
    assert row.definition == text(priority=4)
    assert row.created_at == row.updated_at == "2026-11-01T00:03:00.000000Z"
    assert row.hash == hashlib.sha256(row.definition.encode()).hexdigest()
    (version,) = store.history("p")
    assert (version.id, version.policy_id, version.version) == ("1.1", 1, 1)
    assert (version.definition, version.created_at) == (row.definition, row.created_at)
    assert (version.author, version.action, version.number) == ("ann", "created", 2)


def test_every_update_is_a_version_and_older_ones_stay(store: Store) -> None:
    create(store, priority=1)
    for priority in (2, 3, 4):
        update(store, priority=priority)
    assert [row.priority for row in store.history("p")] == [1, 2, 3, 4]
    assert store.version("p", 2).definition == text(priority=2)
    assert store.policy("p").version == 4


def test_a_name_that_is_there_is_not_created_again(store: Store) -> None:
    create(store)
    with pytest.raises(StoreError, match="there is a policy `p` in the store already") as caught:
        create(store)
    assert caught.value.code == codes.NAME_TAKEN
    assert caught.value.exit_code == 7


def test_a_stale_writer_is_shown_what_changed_in_between(store: Store) -> None:
    create(store, priority=1)
    store.write(Request("update", (change(priority=7),), by(5, "bob", "noon is busy")))
    with pytest.raises(StoreError) as caught:
        update(store, seen=1, priority=3)
    (told,) = caught.value.diagnostics
    assert told.code == codes.STALE
    assert told.message == "`p` is at version 2 by now; this change was made for version 1"
    assert told.notes == (
        "version 2, updated by bob at 2026-11-01 00:05:00Z (noon is busy)\n  /priority: 1 -> 7",
    )
    assert store.policy("p").version == 2


def test_a_writer_whose_checks_relied_on_what_has_changed_is_stale(store: Store) -> None:
    create(store, "parent")
    update(store, "parent", priority=2)
    request = Request("create", (change("child", "created", seen=0),), by(), relying={"parent": 1})
    with pytest.raises(StoreError, match="`parent` is at version 2"):
        store.write(request)
    assert store.find("child") is None


def test_changes_of_one_request_happen_together_or_not_at_all(store: Store) -> None:
    create(store, "b")
    both = (change("a", "created", seen=0), change("b", "created", seen=0))
    with pytest.raises(StoreError):
        store.write(Request("create", both, by()))
    assert store.names() == ["b"]
    assert store.number == 2
    store.write(Request("import", (change("a"), change("b")), by()))
    assert [row.number for row in store.policies()] == [3, 3]


def test_what_is_deleted_is_not_there_keeps_its_history_and_may_come_back(store: Store) -> None:
    create(store, priority=5)
    remove(store)
    with pytest.raises(StoreError, match="there is no policy `p` in the store"):
        store.policy("p")
    assert store.names() == []
    assert [(row.version, row.state) for row in store.history("p")] == [(1, "active"), (2, "deleted")]
    create(store, priority=6)
    assert (store.policy("p").version, store.policy("p").id) == (3, 1)


def test_a_missing_policy_is_told_with_the_name_that_was_meant(store: Store) -> None:
    create(store, "spread-zones")
    with pytest.raises(StoreError) as caught:
        store.policy("spread-zone")
    assert caught.value.diagnostics[0].helps[0].text == "did you mean `spread-zones`?"


def test_a_version_that_never_was_is_told_with_those_that_are(store: Store) -> None:
    create(store)
    for number in (0, 2, -1):
        with pytest.raises(StoreError, match=rf"`p` has no version {number}: its versions are 1 to 1"):
            store.version("p", number)


def test_the_past_is_as_it_was(store: Store) -> None:
    """By the number of a change as well as by time, for every policy at once."""
    create(store, "a", minute=1, priority=1)  # change 2
    create(store, "b", minute=2, priority=2)  # change 3
    update(store, "a", minute=3, priority=3)  # change 4
    remove(store, "b", minute=4)  # change 5

    def then(moment: Moment) -> dict[str, int]:
        return {row.name: row.priority for row in store.policies(moment)}

    expected = {1: {}, 2: {"a": 1}, 3: {"a": 1, "b": 2}, 4: {"a": 3, "b": 2}, 5: {"a": 3}}
    for number, policies in expected.items():
        assert then(store.moment(number)) == policies
        assert then(Moment.at(by(number - 1).at)) == policies
    assert then(Moment.at(by(-1).at)) == {}
    with pytest.raises(StoreError, match="the store is at change 5; there is no change 6 yet"):
        store.moment(6)


def test_a_clock_that_was_set_back_does_not_change_the_order(store: Store) -> None:
    create(store, "a", minute=10)
    create(store, "b", minute=5)
    assert store.policy("b").created_at == store.policy("a").created_at
    assert [record.at for record in store.audit()] == sorted(record.at for record in store.audit())


def test_policies_are_listed_by_name_from_any_name_on(store: Store) -> None:
    for name in ("c", "a", "b"):
        create(store, name)
    assert store.names() == ["a", "b", "c"]
    assert [row.name for row in store.policies(after="a")] == ["b", "c"]
    assert [row.name for row in store.policies(after="aa")] == ["b", "c"]


def test_a_reader_beside_the_writer_sees_what_was_there_when_it_opened(store: Store, tmp_path: Path) -> None:
    create(store, "a")
    with read_store(tmp_path / "store") as reader:
        create(store, "b")
        assert reader.names() == ["a"]
        with pytest.raises(StoreError, match="open for reading only"):
            create(reader, "c")
    with read_store(tmp_path / "store") as reader:
        assert reader.names() == ["a", "b"]


def test_a_second_writer_is_told_who_writes(store: Store, tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="is being written by this process") as caught:
        write_store(tmp_path / "store", wait_seconds=0.05)
    assert caught.value.code == codes.IN_USE


def test_a_closed_store_is_anybodys(tmp_path: Path) -> None:
    for number in range(3):
        with write_store(tmp_path / "store", create=by(), wait_seconds=0) as store:
            create(store, f"p{number}")
    with read_store(tmp_path / "store") as store:
        assert store.names() == ["p0", "p1", "p2"]


def test_there_is_no_store_in_a_folder_with_other_things(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("mine")
    with pytest.raises(StoreError, match="is not empty and holds no store") as caught:
        write_store(tmp_path, create=by())
    assert caught.value.code == codes.NOT_A_STORE
    assert [path.name for path in tmp_path.iterdir()] == ["notes.txt"]
    for opened in (lambda: read_store(tmp_path / "s"), lambda: write_store(tmp_path / "s")):
        with pytest.raises(StoreError, match="there is no store in") as caught:
            opened()
        assert caught.value.code == codes.MISSING
    assert not (tmp_path / "s").exists()


def test_of_many_threads_that_saw_the_same_version_one_wins(store: Store) -> None:
    create(store)
    outcomes: list[str] = []

    def run(number: int) -> None:
        try:
            update(store, seen=1, priority=number)
            outcomes.append("made")
        except StoreError as error:
            outcomes.append(error.code)

    threads = [threading.Thread(target=run, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == [codes.STALE] * 7 + ["made"]
    assert len(store.history("p")) == 2


def test_versions_never_change_whatever_comes_after(store: Store) -> None:
    create(store)
    before = store.history("p")
    update(store, priority=9)
    store.write(Request("suspend", (Change("p", "suspended", "suspended"),), by()))
    assert store.history("p")[:1] == before
    assert [row.state for row in store.engine.scan(VERSIONS)] == ["active", "active", "suspended"]


def test_times_have_zones(store: Store) -> None:
    with pytest.raises(ValueError, match="without its zone"):
        Moment.at(START.replace(tzinfo=None))
