"""Opening a store: to write (one at a time) or to read (anybody, beside the writer)."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from shardwright.store.changes import By
from shardwright.store.engine import Engine
from shardwright.store.faults import missing
from shardwright.store.formats import CURRENT, STEPS, Step, format_of, found, refuse_other, upgrade
from shardwright.store.mark import behind, marked, refuse_older, set_mark
from shardwright.store.rocks import CURRENT_FILE, is_store, open_rocks
from shardwright.store.store import Store

WAIT_SECONDS = 5.0


def read_store(folder: str | Path) -> Store:
    """The store as it is at this moment, for reading; somebody else may write meanwhile."""
    path = Path(folder)
    _refuse_beheaded(path)
    engine = open_rocks(path, read_only=True)
    try:
        _refuse_unfit(path, engine)
    except BaseException:
        engine.close()
        raise
    return Store(engine)


def write_store(
    folder: str | Path, *, wait_seconds: float = WAIT_SECONDS, create: By | None = None, doing: str = ""
) -> Store:
    """The store for writing: there is one writer at a time, and others are waited for.

    With `create` a folder that is new or empty becomes a store. `doing` is what those who wait are told.
    """
    path = Path(folder)
    if marked(path) is not None:
        # A look before anything is written: RocksDB takes files away that a damaged manifest does not name.
        read_store(path).close()
    engine = open_rocks(path, create=create is not None, wait_seconds=wait_seconds, doing=doing)
    try:
        if create is not None and format_of(engine) is None and marked(path) is None:
            found(engine, create)
            set_mark(path, engine)
        _refuse_unfit(path, engine)
    except BaseException:
        engine.close()
        raise
    return Store(engine, before_close=lambda: set_mark(path, engine))


def _refuse_beheaded(folder: Path) -> None:
    """A mark without a database: somebody took it away, or its first file."""
    mark = marked(folder)
    if mark is not None and not is_store(folder):
        raise behind(folder, 0, mark, [f"`{folder / CURRENT_FILE}` is missing"])


def _refuse_unfit(folder: Path, engine: Engine) -> None:
    """Raises where there is no store yet, or one of another format, or less than there was."""
    refuse_other(engine, str(folder))
    if format_of(engine) is None and marked(folder) is None:
        raise missing(str(folder))
    refuse_older(folder, engine)


def upgrade_store(
    folder: str | Path,
    by: By,
    *,
    wait_seconds: float = WAIT_SECONDS,
    steps: Mapping[int, Step] = STEPS,
    current: int = CURRENT,
) -> list[int]:
    """Raise a store to the current format; the formats that it went through."""
    engine = open_rocks(Path(folder), wait_seconds=wait_seconds, doing="store upgrade")
    try:
        return upgrade(engine, str(folder), by, steps, current)
    finally:
        engine.close()
