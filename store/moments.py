"""A moment in the history of a store: after a change of a number, or at a time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from shardwright.store.rows import PolicyRow, VersionRow
from shardwright.store.times import stamp


@dataclass(frozen=True)
class Moment:
    """Exactly one of the two: `number` of a change that has just been made, or `time` (the store's text)."""

    number: int | None = None
    time: str | None = None

    @classmethod
    def at(cls, time: datetime) -> Moment:
        return cls(time=stamp(time))

    def has_seen(self, row: VersionRow | PolicyRow) -> bool:
        """Whether a version had been made by then; of a policy, its newest version."""
        if self.number is not None:
            return row.number <= self.number
        made = row.created_at if isinstance(row, VersionRow) else row.updated_at
        return made <= (self.time or "")

    def __str__(self) -> str:
        return f"change {self.number}" if self.number is not None else str(self.time)
