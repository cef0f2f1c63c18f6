"""What the clock has decided of a list of conflicts, in the order in which it was asked: to be followed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

Entry = int | bool | None


@dataclass
class Tape:
    """`record` has an entry for each worker's job (how many of its messages were heard, None: it ended by
    itself) and for each witness that was looked for (whether it was found). `replay` is an earlier record.
    """

    replay: Sequence[Entry] | None = None
    record: list[Entry] = field(default_factory=list)

    @property
    def most(self) -> int | None:
        """How many messages of the next job are to be heard; None: all."""
        entry = self._next()
        return entry if isinstance(entry, int) and not isinstance(entry, bool) else None

    @property
    def hopeless(self) -> bool:
        """Whether the next witness was looked for in vain."""
        return self._next() is False

    @property
    def decided(self) -> bool:
        """Whether another clock might have led elsewhere."""
        return any(entry is not None and entry is not True for entry in self.record)

    def _next(self) -> Entry:
        at = len(self.record)
        return self.replay[at] if self.replay is not None and at < len(self.replay) else None
