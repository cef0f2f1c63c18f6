"""What the store relies on, for every engine: order, atomic commits, one at a time, durable when told so."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shardwright.store.engine import AUDIT, META, POLICIES, VERSIONS, Batch, Engine, Reader
from shardwright.store.rocks import open_rocks
from shardwright.store.rows import MetaRow, VersionRow
from tests.store.memory import MemoryEngine


@pytest.fixture(params=["memory", "rocks"])
def engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    made: Engine = MemoryEngine() if request.param == "memory" else open_rocks(tmp_path / "s", create=True)
    yield made
    made.close()


def note(key: str, value: object = 0) -> MetaRow:
    return MetaRow(key=key, value=value)


def version(policy_id: int, number: int) -> VersionRow:
    return VersionRow(
        id=f"{policy_id}.{number}",
        policy_id=policy_id,
        version=number,
        definition="{}\n",
        created_at="2026-01-01T00:00:00.000000Z",
        name=f"p{policy_id}",
        hash="",
        state="active",
        type="placement",
        priority=1,
        number=number,
        action="created",
        author="ann",
    )


def put(engine: Engine, *rows: MetaRow | VersionRow) -> None:
    def work(_: Reader) -> Batch:
        batch = Batch()
        for row in rows:
            if isinstance(row, MetaRow):
                batch.put(META, row)
            else:
                batch.put(VERSIONS, row)
        return batch

    engine.commit(work)


def test_a_row_reads_back_as_it_was_put(engine: Engine) -> None:
    row = version(1, 1)
    put(engine, row)
    assert engine.get(VERSIONS, 1, 1) == row
    assert engine.get(VERSIONS, 1, 2) is None
    assert engine.get(POLICIES, "p1") is None


def test_a_later_row_takes_the_place_of_one_with_its_key(engine: Engine) -> None:
    put(engine, note("a", 1))
    put(engine, note("a", 2))
    assert [row.value for row in engine.scan(META)] == [2]


def test_rows_are_scanned_in_the_order_of_their_keys_whatever_their_length(engine: Engine) -> None:
    keys = ["b", "a", "ab", "a b", "ä", "aa", "𝄞", "z" * 100]
    put(engine, *(note(key) for key in keys))
    assert [row.key for row in engine.scan(META)] == sorted(keys)
    assert [row.key for row in engine.scan(META, reverse=True)] == sorted(keys, reverse=True)


def test_numbers_are_ordered_by_size_and_prefixes_keep_to_their_own(engine: Engine) -> None:
    pairs = [(1, 255), (1, 256), (1, 2), (2, 1), (256, 1), (255, 7)]
    put(engine, *(version(*pair) for pair in pairs))
    found = [(row.policy_id, row.version) for row in engine.scan(VERSIONS)]
    assert found == sorted(pairs)
    assert [row.version for row in engine.scan(VERSIONS, 1)] == [2, 255, 256]
    assert [row.version for row in engine.scan(VERSIONS, 1, reverse=True)] == [256, 255, 2]


@pytest.mark.parametrize(
    ("start", "forward", "backward"),
    [(0, [2, 4, 6], []), (2, [2, 4, 6], [2]), (3, [4, 6], [2]), (6, [6], [6, 4, 2]), (9, [], [6, 4, 2])],
)
def test_a_scan_begins_where_it_is_told(
    engine: Engine, start: int, forward: list[int], backward: list[int]
) -> None:
    put(engine, *(version(1, number) for number in (2, 4, 6)), version(0, 5), version(2, 1))
    assert [row.version for row in engine.scan(VERSIONS, 1, start=(start,))] == forward
    assert [row.version for row in engine.scan(VERSIONS, 1, start=(start,), reverse=True)] == backward


def test_a_text_is_no_beginning_of_a_longer_one(engine: Engine) -> None:
    put(engine, note("a"), note("aa"), note("b"))
    assert [row.key for row in engine.scan(META, start=("a",), reverse=True)] == ["a"]


def test_a_change_that_fails_changes_nothing(engine: Engine) -> None:
    def work(reader: Reader) -> Batch:
        batch = Batch()
        batch.put(META, note("half"))
        raise ValueError("no")

    with pytest.raises(ValueError, match="no"):
        engine.commit(work)
    assert list(engine.scan(META)) == []


def test_puts_and_deletes_of_all_tables_happen_together_the_last_for_a_key_counts(engine: Engine) -> None:
    put(engine, note("old"))

    def work(_: Reader) -> Batch:
        batch = Batch()
        batch.delete(META, "old")
        batch.delete(META, "never there")
        batch.put(META, note("x", 1))
        batch.put(META, note("x", 2))
        batch.put(META, note("y"))
        batch.delete(META, "y")
        batch.put(VERSIONS, version(1, 1))
        return batch

    engine.commit(work)
    assert [(row.key, row.value) for row in engine.scan(META)] == [("x", 2)]
    assert len(list(engine.scan(VERSIONS))) == 1
    assert list(engine.scan(AUDIT)) == []


def test_a_scan_is_of_one_moment(engine: Engine) -> None:
    put(engine, *(note(f"{at:03}") for at in range(100)))
    scan = engine.scan(META)
    first = next(scan)
    put(engine, note("new"), *(note(f"{at:03}", "changed") for at in range(100)))
    assert {row.value for row in [first, *scan]} == {0}


def test_many_threads_lose_no_count(engine: Engine) -> None:
    """Reading and writing in one commit is not interrupted by another."""

    def add(reader: Reader) -> Batch:
        batch = Batch()
        before = reader.get(META, "count")
        batch.put(META, note("count", (before.value if before else 0) + 1))
        return batch

    def run() -> None:
        for _ in range(25):
            engine.commit(add)

    threads = [threading.Thread(target=run) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    found = engine.get(META, "count")
    assert found is not None
    assert found.value == 200


changes = st.lists(
    st.tuples(st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=3), st.integers(0, 2))
)


@settings(max_examples=15, deadline=None)
@given(commits=st.lists(changes, max_size=5), start=st.text("abc", max_size=2))
def test_rocks_is_the_obvious_engine(
    commits: list[list[tuple[str, int]]], start: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Whatever is put and deleted, both read the same, from any start, in both directions."""
    engines: list[Engine] = [MemoryEngine(), open_rocks(tmp_path_factory.mktemp("s") / "s", create=True)]
    for engine in engines:
        for commit in commits:
            engine.commit(lambda _, commit=commit: _batch(commit))  # type: ignore[misc]
    for reverse in (False, True):
        for first in ((), (start,)):
            obvious, rocks = [list(engine.scan(META, start=first, reverse=reverse)) for engine in engines]
            assert obvious == rocks
    engines[1].close()


def _batch(commit: list[tuple[str, int]]) -> Batch:
    batch = Batch()
    for key, value in commit:
        if value:
            batch.put(META, note(key, value))
        else:
            batch.delete(META, key)
    return batch
