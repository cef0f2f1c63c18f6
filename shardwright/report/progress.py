"""A line on a terminal that says what is being done, once it takes more than a second."""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from shardwright.report.console import console
from shardwright.report.words import safe

# Whatever is quicker than this needs no explanation.
PATIENCE = 1.0

Tell = Callable[[str], None]


@contextmanager
def progress(doing: str) -> Iterator[Tell]:
    """Yields a function that changes the line; silent when stderr is not a terminal."""
    if not sys.stderr.isatty():
        yield _silent
        return
    status = console(sys.stderr).status(safe(doing))
    # A timer, because the work itself may wait for a process and never call us.
    timer = threading.Timer(PATIENCE, status.start)
    timer.daemon = True
    timer.start()
    try:
        yield lambda text: status.update(safe(text))
    finally:
        timer.cancel()
        timer.join()
        status.stop()


def _silent(text: str) -> None:
    """In a pipe or a log a progress line is noise."""
