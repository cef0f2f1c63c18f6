"""Workers of search start while a large snapshot is read, and only then."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from shardwright.solver import processes
from shardwright.solver.ahead import LARGE_BYTES, expect


@pytest.fixture(autouse=True)
def no_worker() -> Iterator[None]:
    processes.stop_idle()
    yield
    processes.stop_idle()


@pytest.mark.parametrize(
    ("strategy", "size", "started"),
    [("auto", LARGE_BYTES, 2), ("search", LARGE_BYTES, 2), ("exact", LARGE_BYTES, 0), ("auto", 1000, 0)],
)
def test_a_large_snapshot_has_them_ready(strategy: str, size: int, started: int, tmp_path: Path) -> None:
    snapshot = tmp_path / "cluster.json"
    snapshot.write_bytes(b" " * size)
    expect(snapshot, strategy, workers=2)
    assert len(processes._idle) == started


def test_a_snapshot_that_cannot_be_read_is_not_its_matter(tmp_path: Path) -> None:
    expect(tmp_path / "none.json", "auto", workers=2)
    assert processes._idle == []
