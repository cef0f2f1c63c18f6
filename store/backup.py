"""A copy of a store, made while others write to it: every row as it was at one moment."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from shardwright.store.engine import TABLES, Batch, Reader, Table
from shardwright.store.faults import not_a_store, of_engine
from shardwright.store.formats import refuse_other
from shardwright.store.rocks import open_rocks
from shardwright.store.rows import Row

ROWS = 5_000  # in one commit

Tell = Callable[[str], None]


def copy_store(source: str | Path, target: str | Path, tell: Tell = lambda text: None) -> int:
    """Copy a store into a new or empty folder; the number of its rows.

    The target appears whole or not at all. Both a backup and the way back from one: the source is only read.
    """
    folder = Path(target)
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise not_a_store(str(folder))
    engine = open_rocks(Path(source), read_only=True)
    draft = folder.with_name(f".{folder.name}.{os.getpid()}")
    try:
        refuse_other(engine, str(source))
        count = _copy(engine, draft, tell)
        if folder.exists():
            folder.rmdir()
        draft.rename(folder)
    except OSError as error:
        raise of_engine(error, str(folder)) from None
    finally:
        shutil.rmtree(draft, ignore_errors=True)
        engine.close()
    return count


def _copy(engine: Reader, draft: Path, tell: Tell) -> int:
    copied = open_rocks(draft, create=True, doing="store backup")
    count = 0
    try:
        for batch in _batches(engine):
            copied.commit(lambda _, batch=batch: batch)  # type: ignore[misc]
            count += len(batch.changes)
            tell(f"{count} rows")
    finally:
        copied.close()
    return count


def _batches(engine: Reader) -> Iterator[Batch]:
    batch = Batch()
    for table, row in _rows(engine):
        batch.put(table, row)
        if len(batch.changes) >= ROWS:
            yield batch
            batch = Batch()
    if batch.changes:
        yield batch


def _rows(engine: Reader) -> Iterator[tuple[Table[Any], Row]]:
    for table in TABLES:
        for row in engine.scan(table):
            yield table, row
