"""One fsync for many writers: whoever comes first flushes for all that have written until then."""

from __future__ import annotations

import threading
from collections.abc import Callable


class GroupFlush:
    """`wait(ticket)` returns when a flush that began after the ticket was drawn has ended well.

    `flush` makes durable all that was written before it was called.
    """

    def __init__(self, flush: Callable[[], None]) -> None:
        self._flush = flush
        self._changed = threading.Condition()
        self._drawn = 0
        self._durable = 0
        self._flushing = False
        self._failure: BaseException | None = None

    def draw(self) -> int:
        """A ticket for what has just been written."""
        with self._changed:
            self._drawn += 1
            return self._drawn

    def wait(self, ticket: int) -> None:
        """Until what the ticket stands for is durable; raises what the flush raised, now and ever after."""
        while True:
            with self._changed:
                while self._flushing and self._durable < ticket and self._failure is None:
                    self._changed.wait()
                if self._failure is not None:
                    raise self._failure
                if self._durable >= ticket:
                    return
                self._flushing, covered = True, self._drawn
            self._lead(covered)

    def _lead(self, covered: int) -> None:
        failure: BaseException | None = None
        try:
            self._flush()
        except BaseException as error:
            failure = error
        with self._changed:
            self._flushing = False
            if failure is None:
                self._durable = max(self._durable, covered)
            else:
                # After a failed fsync nobody knows what is on the disk: no later one may say it is well.
                self._failure = failure
            self._changed.notify_all()
