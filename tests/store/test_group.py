"""Group commit: every caller gets what happened to its own work, and never hears of success too early."""

from __future__ import annotations

import threading
import time

import pytest

from shardwright.store.group import GroupCommit


class Disk:
    """Remembers what was written and how much of it was flushed; `broken` makes the next flush fail."""

    def __init__(self) -> None:
        self.written: list[int] = []
        self.durable = 0
        self.flushes = 0
        self.broken = False

    def write(self, work: int) -> bool:
        if work < 0:
            raise ValueError(work)
        self.written.append(work)
        return work > 0

    def flush(self) -> None:
        covered = len(self.written)
        time.sleep(0.002)
        if self.broken:
            raise OSError("no fsync")
        self.durable, self.flushes = covered, self.flushes + 1


def test_whoever_returns_is_durable_and_many_share_a_flush() -> None:
    disk = Disk()
    group = GroupCommit(disk.write, disk.flush)
    early: list[int] = []

    def run(number: int) -> None:
        for at in range(20):
            work = 1 + number * 20 + at
            group.submit(work)
            if disk.written.index(work) >= disk.durable:
                early.append(work)

    threads = [threading.Thread(target=run, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(disk.written) == list(range(1, 161))
    assert early == []
    assert disk.flushes < 100


def test_a_work_that_fails_fails_alone_and_nothing_to_flush_is_not_flushed() -> None:
    disk = Disk()
    group = GroupCommit(disk.write, disk.flush)
    with pytest.raises(ValueError, match="-1"):
        group.submit(-1)
    group.submit(0)
    assert disk.flushes == 0
    group.submit(1)
    assert (disk.written, disk.flushes) == ([0, 1], 1)


def test_after_a_flush_that_failed_nothing_is_said_to_be_well() -> None:
    disk = Disk()
    group = GroupCommit(disk.write, disk.flush)
    disk.broken = True
    for _ in range(2):
        with pytest.raises(OSError, match="no fsync"):
            group.submit(1)
    disk.broken = False
    with pytest.raises(OSError, match="no fsync"):
        group.submit(2)
    assert disk.written == [1]
