"""Workers of search start while a large snapshot is read: they take a second to load what they need."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

from shardwright.solver.processes import prepare

LARGE_BYTES = 2**21  # of a snapshot; exact has no turn there, whatever the policies


def expect(snapshot: str | Path, strategy: str, workers: int) -> None:
    """Start what a solve of this file will need; a file that cannot be read is for others to complain of."""
    with suppress(OSError):
        if strategy != "exact" and Path(snapshot).stat().st_size >= LARGE_BYTES:
            prepare(workers, "anneal")
