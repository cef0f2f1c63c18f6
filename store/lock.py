"""One writer: a lock that the system takes back when its holder ends, however it ends."""

from __future__ import annotations

import contextlib
import fcntl
import os
import time
from pathlib import Path

from shardwright.store import codes
from shardwright.store.faults import StoreError, fault

NAME = "writer"
POLL_SECONDS = 0.02


class WriterLock:
    """Held from creation until `release`. RocksDB has a lock of its own, but it cannot say who holds it."""

    def __init__(self, folder: Path, wait_seconds: float, doing: str = "") -> None:
        self._handle = os.open(folder / NAME, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o666)
        try:
            self._acquire(folder, wait_seconds)
        except BaseException:
            os.close(self._handle)
            raise
        # Only a courtesy to those who wait: on a full disk it is left out.
        with contextlib.suppress(OSError):
            os.ftruncate(self._handle, 0)
            os.pwrite(self._handle, f"{os.getpid()}\n{doing}\n".encode(), 0)

    def _acquire(self, folder: Path, wait_seconds: float) -> None:
        end = time.monotonic() + wait_seconds
        while True:
            try:
                fcntl.flock(self._handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
                return
            except BlockingIOError:
                if time.monotonic() >= end:
                    raise self._in_use(folder, wait_seconds) from None
            time.sleep(POLL_SECONDS)

    def _in_use(self, folder: Path, wait_seconds: float) -> StoreError:
        pid, doing = self._holder()
        who = "this process" if pid == os.getpid() else f"process {pid}" if pid else "another process"
        busy = f" ({doing})" if doing else ""
        return fault(
            codes.IN_USE,
            f"the store in `{folder}` is being written by {who}{busy}",
            notes=[f"waited {wait_seconds:g} s for it; reading is possible all the time"],
            helps=["try again when it is done, or wait longer: `--wait S`"],
            process=pid,
        )

    def _holder(self) -> tuple[int | None, str]:
        lines = os.pread(self._handle, 500, 0).decode("utf-8", "replace").split("\n")
        pid = int(lines[0]) if lines[0].isdecimal() else None
        return pid, lines[1] if pid and len(lines) > 1 else ""

    def release(self) -> None:
        with contextlib.suppress(OSError):
            os.ftruncate(self._handle, 0)
        os.close(self._handle)
