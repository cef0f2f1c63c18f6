"""Old records go on request; what stays still verifies, and that something went is on record."""

from __future__ import annotations

import json
from pathlib import Path

import msgspec
import pytest

from shardwright.store import codes
from shardwright.store.chain import NOTHING, Break, Link
from shardwright.store.engine import AUDIT, CONTENTS, META, Batch
from shardwright.store.exported import export_lines, read_export, verify_export
from shardwright.store.faults import StoreError
from shardwright.store.rows import MetaRow
from shardwright.store.store import Store
from tests.store.making import by, create, execution, update


def test_after_records_were_let_go_the_rest_verifies(store: Store) -> None:
    for number in range(5):
        create(store, f"p{number}")
    noted = store.head
    assert store.let_go_audit(4, by(reason="a year old")) == 4
    assert [row.number for row in store.audit()] == [5, 6, 7]
    assert store.verify() is None
    assert store.verify(noted) is None
    assert store.version("p0", 1).number == 2
    store.let_go_audit(6, by())
    assert store.verify() is None


def test_records_that_are_not_there_cannot_be_let_go(store: Store) -> None:
    create(store)
    for number in (0, 9):
        with pytest.raises(StoreError, match="the store has the audit records 1 to 2"):
            store.let_go_audit(number, by())


def test_a_chain_that_lost_its_beginning_without_saying_so_is_seen(store: Store) -> None:
    create(store)
    create(store, "q")
    second = next(iter(store.audit(2)))
    batch = Batch()
    batch.delete(AUDIT, 1)
    batch.delete(AUDIT, 2)
    batch.put(META, MetaRow(key="audit_kept_from", value={"number": 2, "hash": second.hash}))
    store.engine.commit(lambda _: batch)
    assert store.verify() == Break(3, "those before it were taken away, and no record says so")


def test_executions_go_with_what_only_they_needed(store: Store) -> None:
    """The snapshot that a later one uses too stays."""
    create(store)
    for minute in (1, 2, 3):
        store.record(execution(minute, snapshot=b"same" if minute > 1 else b"other"), by(minute))
    assert store.let_go_executions("2026-11-01T00:02:30.000000Z", by()) == 2
    assert [row.id for row in store.executions()] == [3]
    assert [row.execution_id for row in store.executions("p")] == [3]
    assert {row.kind: row.name for row in store.engine.scan(CONTENTS)} == {
        "snapshot": "cluster.json",
        "result": "result.json",
    }
    assert store.verify() is None
    assert store.let_go_executions("2026-11-01T00:00:00.000000Z", by()) == 0
    assert store.record(execution(4), by(4)).id == 4


def test_an_export_verifies_without_the_store_and_names_its_first_bad_line(
    store: Store, tmp_path: Path
) -> None:
    for number in range(4):
        create(store, f"p{number}")
    lines = list(export_lines(store.audit()))
    file = tmp_path / "audit.jsonl"

    def verdict(*kept: bytes, noted: Link | None = None) -> Break | None:
        file.write_bytes(b"".join(kept))
        return verify_export(read_export(str(file)), noted)[0]

    assert verdict(*lines, noted=store.head) is None
    assert verdict(*lines[2:]) is None
    assert verdict(*lines[:2], *lines[3:]) == Break(3, "record 4 stands in its place")
    assert verdict(lines[0], lines[2], lines[1]) == Break(2, "record 3 stands in its place")
    changed = json.dumps({**json.loads(lines[1]), "actor": "mallory"}).encode() + b"\n"
    assert verdict(lines[0], changed, *lines[2:]) == Break(
        2, "it was changed: its content does not have its hash"
    )
    cut = verdict(*lines[:3], noted=store.head)
    assert cut == Break(4, "it is missing, and so are all up to the noted record 5")
    with pytest.raises(StoreError, match=r"line 2 of .* is no audit record") as caught:
        verdict(lines[0], b"{}\n")
    assert caught.value.code == codes.BROKEN_CHAIN
    assert json.loads(lines[0])["previous"] == NOTHING


def test_an_execution_reads_back_whole(store: Store) -> None:
    create(store)
    update(store, priority=2)
    made = store.record(execution(5, result=b'{"status": "optimal"}' * 1000), by(5))
    row = store.execution(made.id)
    assert (row.status, row.policies, row.settings) == ("optimal", {"p": 2}, {"seed": 1})
    assert row.started_at < row.completed_at == "2026-11-01T00:05:00.000000Z"
    content = store.content(row.result)
    assert content is not None
    assert content.data == b'{"status": "optimal"}' * 1000
    (about,) = store.executions("p")
    assert (about.version, about.status, about.result) == (2, "applied", {})
    with pytest.raises(StoreError, match="the store has no execution 7"):
        store.execution(7)


def test_a_result_that_was_changed_is_seen(store: Store) -> None:
    create(store)
    row = store.record(execution(1), by(1))
    kept = store.engine.get(CONTENTS, row.result)
    assert kept is not None
    batch = Batch()
    batch.put(CONTENTS, msgspec.structs.replace(kept, data=kept.data[:-1] + b"x"))
    store.engine.commit(lambda _: batch)
    assert store.verify() == Break(3, f"the result of execution {row.id} was changed")
    with pytest.raises(StoreError, match="a result in the store does not have its hash"):
        store.content(row.result)
