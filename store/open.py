"""Opening a store: to write (one at a time) or to read (anybody, beside the writer)."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from shardwright.store.changes import By
from shardwright.store.faults import missing
from shardwright.store.formats import CURRENT, STEPS, Step, format_of, found, refuse_other, upgrade
from shardwright.store.rocks import open_rocks
from shardwright.store.store import Store

WAIT_SECONDS = 5.0


def read_store(folder: str | Path) -> Store:
    """The store as it is at this moment, for reading; somebody else may write meanwhile."""
    engine = open_rocks(Path(folder), read_only=True)
    try:
        refuse_other(engine, str(folder))
        if format_of(engine) is None:
            raise missing(str(folder))
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
    engine = open_rocks(Path(folder), create=create is not None, wait_seconds=wait_seconds, doing=doing)
    try:
        refuse_other(engine, str(folder))
        if create is not None:
            found(engine, create)
        elif format_of(engine) is None:
            raise missing(str(folder))
    except BaseException:
        engine.close()
        raise
    return Store(engine)


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
