"""A search on record: enough to do it again, word for word, however fast the machine is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Replay:
    """The steps that were wanted, what the clock made of them (`Pace.record`), and those taken in the end."""

    seed: int
    steps: int
    pace: tuple[int, ...]
    taken: int

    @classmethod
    def of(cls, statistics: Mapping[str, Any]) -> Replay | None:
        """From the statistics of a result; None where nothing was searched."""
        found = statistics.get("search")
        if found is None:
            return None
        return cls(found["seed"], found["steps"], tuple(found["pace"]), found["taken"])
