"""The engine on RocksDB: a column family for each table, msgpack rows, one log that is synced."""

from __future__ import annotations

import contextlib
import gc
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, TypeVar

import msgspec
from rocksdict import (
    AccessType,
    DBRecoveryMode,
    Options,
    Rdict,
    WriteBatch,
)

from shardwright.store import codes
from shardwright.store.engine import TABLES, Batch, Key, R, Table, Work
from shardwright.store.faults import StoreError, fault, missing, not_a_store, of_engine
from shardwright.store.group import GroupCommit
from shardwright.store.keys import after, encode
from shardwright.store.lock import WriterLock

T = TypeVar("T")

DRAFT = "db.new"
FOLDER = "db"  # below the store's folder, beside the writer's lock
CURRENT_FILE = Path(FOLDER, "CURRENT")  # RocksDB makes it last, and cannot do without it
LOG_BYTES = 32 << 20  # what a start after a crash has to read again, at most
BUFFER_BYTES = 16 << 20
READ_ATTEMPTS = 5  # a writer may take a file away while a reader opens


class RocksEngine:
    """A store's folder, opened by `open_rocks`."""

    def __init__(
        self,
        folder: Path,
        database: Rdict,
        lock: WriterLock | None,
        shadow: tempfile.TemporaryDirectory[str] | None = None,
    ) -> None:
        self._shadow = shadow
        self._folder = folder
        self._database = database
        self._lock = lock
        self._families = {table.name: database.get_column_family(table.name) for table in TABLES}
        self._handles = {table.name: database.get_column_family_handle(table.name) for table in TABLES}
        self._decoders = {table.name: msgspec.msgpack.Decoder(table.row) for table in TABLES}
        self._encoder = msgspec.msgpack.Encoder()
        self._commits: GroupCommit[Work] = GroupCommit(self._write, self._sync)
        self._closed = False

    @property
    def read_only(self) -> bool:
        return self._lock is None

    def get(self, table: Table[R], *key: Key) -> R | None:
        data = self._told(lambda: self._family(table).get(encode(key)))
        return None if data is None else self._decode(table, data)

    def scan(
        self, table: Table[R], *prefix: Key, start: Sequence[Key] = (), reverse: bool = False
    ) -> Iterator[R]:
        # ReadOptions have bounds, but rocksdict never encodes them in raw mode as it does keys.
        first = encode(prefix)
        rows = self._told(lambda: self._family(table).iter())
        _seek(rows, encode([*prefix, *start]), reverse)
        while rows.valid() and rows.key().startswith(first):
            yield self._decode(table, rows.value())
            rows.prev() if reverse else rows.next()
        self._told(rows.status)

    def commit(self, work: Work) -> None:
        if self._lock is None:
            raise fault(codes.NO_ACCESS, f"the store in `{self._folder}` is open for reading only")
        self._commits.submit(work)

    def _write(self, work: Work) -> bool:
        """Write what some work changes; not yet durable. One at a time: GroupCommit sees to it."""
        batch = work(self)
        if not batch.changes:
            return False
        written = self._encoded(batch)
        try:
            self._told(lambda: self._database.write(written))
        except StoreError as error:
            # RocksDB takes no more changes until it is opened anew.
            self._commits.fail(error)
            raise
        return True

    def _sync(self) -> None:
        self._told(lambda: self._database.flush_wal(True))

    def close(self) -> None:
        if self._closed:
            return
        self._closed = True
        # What was acknowledged is durable, so a close that fails (on a full disk, say) loses nothing.
        for family in self._families.values():
            with contextlib.suppress(Exception):
                family.close()
        # RocksDB lets go of its folder only when every handle and iterator is gone.
        self._families.clear()
        self._handles.clear()
        with contextlib.suppress(Exception):
            self._database.close()
        del self._database
        gc.collect()
        if self._lock is not None:
            self._lock.release()
        if self._shadow is not None:
            self._shadow.cleanup()

    def _family(self, table: Table[Any]) -> Rdict:
        if self._closed:
            raise fault(codes.FAILED, f"the store in `{self._folder}` is closed")
        return self._families[table.name]

    def _encoded(self, batch: Batch) -> WriteBatch:
        written = WriteBatch(raw_mode=True)
        for table, key, row in batch.changes:
            handle = self._handles[table.name]
            if row is None:
                written.delete(encode(key), handle)
            else:
                written.put(encode(key), self._encoder.encode(row), handle)
        return written

    def _decode(self, table: Table[R], data: bytes) -> R:
        try:
            row: R = self._decoders[table.name].decode(data)
        except msgspec.MsgspecError as error:
            raise fault(
                codes.DAMAGED,
                f"the store in `{self._folder}` is damaged: a row of `{table.name}` cannot be read",
                notes=[str(error)],
            ) from None
        return row

    def _told(self, call: Callable[[], T]) -> T:
        """What a call returns; RocksDB's errors in our words."""
        try:
            return call()
        except StoreError:
            raise
        except Exception as error:
            raise of_engine(error, str(self._folder)) from None


def _seek(rows: Any, start: bytes, reverse: bool) -> None:
    if not reverse:
        rows.seek(start)
        return
    end = after(start)
    if end is None:
        rows.seek_to_last()
    else:
        # The last key before `end`: no key is `end` itself, for it would belong to other parts.
        rows.seek_for_prev(end)
        if rows.valid() and rows.key() == end:
            rows.prev()


def open_rocks(
    folder: Path, *, create: bool = False, read_only: bool = False, wait_seconds: float = 0.0, doing: str = ""
) -> RocksEngine:
    """The engine in a folder. Raises StoreError where there is none, or somebody else writes to it."""
    if read_only:
        return _reading(folder)
    try:
        if not is_store(folder):
            _prepare(folder, create)
        lock = WriterLock(folder, wait_seconds, doing)
    except OSError as error:
        raise of_engine(error, str(folder)) from None
    try:
        if not is_store(folder):
            _make(folder)
        return RocksEngine(folder, _open(folder, AccessType.read_write()), lock)
    except BaseException:
        lock.release()
        raise


def _make(folder: Path) -> None:
    """An empty database, under its name only when all its column families are there: a crash leaves none."""
    draft = folder / DRAFT
    shutil.rmtree(draft, ignore_errors=True)
    _open(folder, AccessType.read_write(), DRAFT).close()
    gc.collect()
    try:
        draft.rename(folder / FOLDER)
    except OSError as error:
        raise of_engine(error, str(folder)) from None


def is_store(folder: Path) -> bool:
    try:
        return (folder / CURRENT_FILE).exists()
    except OSError as error:
        raise of_engine(error, str(folder)) from None


def _prepare(folder: Path, create: bool) -> None:
    if not create:
        raise missing(str(folder))
    if folder.exists() and not _is_new(folder):
        raise not_a_store(str(folder))
    folder.mkdir(parents=True, exist_ok=True)


def _is_new(folder: Path) -> bool:
    """Empty, or left by a first start that did not get far."""
    return folder.is_dir() and {path.name for path in folder.iterdir()} <= {"writer", DRAFT}


def _reading(folder: Path) -> RocksEngine:
    if not is_store(folder):
        raise missing(str(folder))
    for attempt in range(READ_ATTEMPTS):
        shadow = None if os.access(folder / FOLDER, os.W_OK) else _shadow(folder / FOLDER)
        try:
            database = _open(folder, AccessType.read_only(), shadow=shadow)
            return RocksEngine(folder, database, None, shadow)
        except StoreError as error:
            if shadow is not None:
                shadow.cleanup()
            if attempt == READ_ATTEMPTS - 1 or error.code != codes.DAMAGED:
                raise
    raise AssertionError("the last attempt returns or raises")


def _shadow(folder: Path) -> tempfile.TemporaryDirectory[str]:
    """Links to the files of a database: rocksdict writes a file of its own wherever it opens one."""
    shadow = tempfile.TemporaryDirectory(prefix="shardwright-")
    try:
        for path in folder.iterdir():
            if not path.name.startswith(("LOG", "LOCK", "rocksdict")):
                Path(shadow.name, path.name).symlink_to(path.resolve())
    except OSError as error:
        shadow.cleanup()
        raise of_engine(error, str(folder.parent)) from None
    return shadow


def _open(
    folder: Path,
    access: AccessType,
    name: str = FOLDER,
    shadow: tempfile.TemporaryDirectory[str] | None = None,
) -> Rdict:
    families = {table.name: _options() for table in TABLES}
    path = str(folder / name) if shadow is None else shadow.name
    try:
        return Rdict(path, _options(), column_families=families, access_type=access)
    except Exception as error:
        raise of_engine(error, str(folder)) from None


def _options() -> Options:
    options = Options(raw_mode=True)
    options.create_if_missing(True)
    options.create_missing_column_families(True)
    # INVARIANT: the default opens a log with flipped bytes without what stands after them, and says nothing.
    options.set_wal_recovery_mode(DBRecoveryMode.tolerate_corrupted_tail_records())
    options.set_paranoid_checks(True)
    options.set_max_total_wal_size(LOG_BYTES)
    options.set_write_buffer_size(BUFFER_BYTES)
    options.set_keep_log_file_num(2)
    options.set_max_log_file_size(1 << 20)
    return options
