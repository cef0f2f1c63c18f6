"""Group commit: whoever comes first works for all that wait, and one flush makes all of it durable."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Generic, TypeVar

W = TypeVar("W")


@dataclass
class _Entry(Generic[W]):
    """One caller's work. `turn` is released when it is done, or when its caller has to lead."""

    work: W
    turn: threading.Lock = field(default_factory=threading.Lock)
    done: bool = False
    written: bool = False
    error: BaseException | None = None


class GroupCommit(Generic[W]):
    """`submit(work)` returns when `write(work)` has been called and a `flush` after it has ended well.

    Writes follow one another, in the order of submission; one that raises fails alone. A flush that raises
    fails all that it was for, and everything after: nobody knows then what is on the disk.
    """

    def __init__(self, write: Callable[[W], bool], flush: Callable[[], None]) -> None:
        """`write` says whether anything is to be flushed."""
        self._write, self._flush = write, flush
        self._lock = threading.Lock()
        self._waiting: list[_Entry[W]] = []
        self._led = False
        self._failure: BaseException | None = None

    def submit(self, work: W) -> None:
        """Have a work written and flushed; raises what its write, or its flush, raised."""
        entry = _Entry(work)
        entry.turn.acquire()
        with self._lock:
            self._waiting.append(entry)
            leads, self._led = not self._led, True
        if not leads:
            entry.turn.acquire()
        if not entry.done:
            self._lead()
        if entry.error is not None:
            raise entry.error

    def _lead(self) -> None:
        """Work for all that wait, then let one of those who have come meanwhile lead."""
        with self._lock:
            entries, self._waiting = self._waiting, []
        for entry in entries:
            self._do(entry)
        if any(entry.written for entry in entries):
            self._make_durable(entries)
        with self._lock:
            following = self._waiting[0] if self._waiting else None
            self._led = following is not None
        if following is not None:
            following.turn.release()
        for entry in entries:
            entry.done = True
            entry.turn.release()

    def _do(self, entry: _Entry[W]) -> None:
        try:
            if self._failure is not None:
                raise self._failure
            entry.written = self._write(entry.work)
        except BaseException as error:
            entry.error = error

    def _make_durable(self, entries: list[_Entry[W]]) -> None:
        try:
            self._flush()
        except BaseException as error:
            self._failure = error
            for entry in entries:
                entry.error = entry.error or error

    @property
    def failure(self) -> BaseException | None:
        return self._failure

    def fail(self, error: BaseException) -> None:
        """Refuse everything from now on."""
        self._failure = error
