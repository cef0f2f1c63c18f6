"""A copy is made while others write, is a store itself, and the way back leads from it."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from shardwright.store.backup import copy_store
from shardwright.store.engine import META, TABLES, Batch, Reader
from shardwright.store.faults import StoreError
from shardwright.store.formats import CURRENT, FORMAT, format_of
from shardwright.store.open import read_store, upgrade_store, write_store
from shardwright.store.rocks import open_rocks
from shardwright.store.rows import MetaRow
from shardwright.store.store import Store
from tests.store.making import by, create, execution, update


def test_a_copy_has_every_row_and_can_be_written(store: Store, tmp_path: Path) -> None:
    for number in range(20):
        create(store, f"p{number}")
    create(store)
    store.record(execution(1), by(1))
    copy_store(tmp_path / "store", tmp_path / "copy")
    with write_store(tmp_path / "copy") as copy:
        for table in TABLES:
            assert list(copy.engine.scan(table)) == list(store.engine.scan(table))
        assert copy.verify() is None
        update(copy)
        assert copy.verify() is None


def test_a_copy_that_is_made_while_others_write_is_of_one_moment(store: Store, tmp_path: Path) -> None:
    """Whatever it caught, its chain is whole and its policies are those of its last change."""
    create(store)
    stop = threading.Event()

    def write() -> None:
        while not stop.is_set():
            update(store)

    writer = threading.Thread(target=write)
    writer.start()
    try:
        for number in range(3):
            copy_store(tmp_path / "store", tmp_path / f"copy{number}")
    finally:
        stop.set()
        writer.join()
    for number in range(3):
        with read_store(tmp_path / f"copy{number}") as copy:
            assert copy.verify() is None
            assert copy.policy("p").number == copy.number
            assert copy.verify(store.head) is not None


def test_nothing_is_ever_overwritten(store: Store, tmp_path: Path) -> None:
    create(store)
    copy_store(tmp_path / "store", tmp_path / "copy")
    with pytest.raises(StoreError, match="is not empty and holds no store"):
        copy_store(tmp_path / "store", tmp_path / "copy")
    (tmp_path / "file").write_text("")
    with pytest.raises(StoreError):
        copy_store(tmp_path / "store", tmp_path / "file")
    with pytest.raises(StoreError, match="there is no store in"):
        copy_store(tmp_path / "nothing", tmp_path / "other")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["copy", "file", "store"]


def add_a_note(reader: Reader, batch: Batch) -> None:
    batch.put(META, MetaRow(key="note", value=f"from format {format_of(reader)}"))


def test_a_store_of_an_older_format_is_raised_step_by_step(store: Store, tmp_path: Path) -> None:
    """Each step is one commit with its own audit record."""
    folder = tmp_path / "store"
    create(store)
    store.close()
    steps = {CURRENT: add_a_note, CURRENT + 1: add_a_note}
    newest = CURRENT + 2
    assert upgrade_store(folder, by(), steps=steps, current=newest) == [CURRENT + 1, newest]
    assert upgrade_store(folder, by(), steps=steps, current=newest) == []
    engine = open_rocks(folder, read_only=True)
    assert format_of(engine) == newest
    note = engine.get(META, "note")
    assert note is not None
    assert note.value == f"from format {CURRENT + 1}"
    assert Store(engine).verify() is None
    assert [row.action for row in Store(engine).audit()][-2:] == ["store upgraded"] * 2
    engine.close()


def test_a_step_that_fails_leaves_the_older_format(store: Store, tmp_path: Path) -> None:
    def fail(reader: Reader, batch: Batch) -> None:
        add_a_note(reader, batch)
        raise RuntimeError("power cut")

    store.close()
    with pytest.raises(RuntimeError):
        upgrade_store(tmp_path / "store", by(), steps={CURRENT: fail}, current=CURRENT + 1)
    with read_store(tmp_path / "store") as again:
        assert again.engine.get(META, "note") is None
        assert again.verify() is None


@pytest.mark.parametrize(
    ("number", "told"),
    [(CURRENT + 1, f"knows up to {CURRENT}"), (CURRENT - 1, f"this version of Shardwright uses {CURRENT}")],
)
def test_another_format_is_neither_read_nor_written(
    store: Store, tmp_path: Path, number: int, told: str
) -> None:
    batch = Batch()
    batch.put(META, MetaRow(key=FORMAT, value=number))
    store.engine.commit(lambda _: batch)
    store.close()
    for opened in (read_store, write_store):
        with pytest.raises(StoreError, match=told):
            opened(tmp_path / "store")
    if number > CURRENT:
        with pytest.raises(StoreError, match=told):
            upgrade_store(tmp_path / "store", by())
