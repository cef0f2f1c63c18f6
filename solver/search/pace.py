"""How many steps a search takes, and how a limit in seconds makes them fewer: on record, to be replayed."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

BLOCK = 10  # heats from one look at the clock to the next
MOST_MORE = 2.0  # times the steps that were planned for a block


@dataclass
class Pace:
    """`steps` are wanted by `deadline` (monotonic clock; None: steps alone decide).

    `record` says what was decided by the clock: the steps planned, then those of each block of heats.
    `replay` is the record of an earlier search, to be followed to the letter.
    """

    steps: int
    deadline: float | None
    replay: Sequence[int] | None = None
    until: int | None = None  # where that search had been stopped
    record: list[int] = field(default_factory=list)
    hurried: bool = False  # whether the clock has taken steps away
    planned: int = 0
    done: int = 0
    began: float = field(default_factory=time.monotonic)

    @property
    def budget(self) -> int:
        """The steps planned."""
        return self.record[0]

    def first(self, most: int) -> int:
        """The steps before anything is planned."""
        return min(most, self.steps, self.steps if self.until is None else self.until)

    def plan(self) -> None:
        """Decide how many steps to plan, after some first ones have been done."""
        self.record.append(self._taken(self.steps, self.steps))

    def blocks(self, sizes: Sequence[int]) -> Iterator[int]:
        """Some heats of so many steps each, fewer where time runs short."""
        for first in range(0, len(sizes), BLOCK):
            block = sizes[first : first + BLOCK]
            total = max(1, sum(block))
            taken = self._taken(total, self.budget - self.planned)
            self.record.append(taken)
            self.planned += total
            for size in block:
                over = self.until is not None and self.done >= self.until
                yield 0 if over else size * taken // total

    def _taken(self, size: int, left: int) -> int:
        """How many of the next steps there is time for, if all that are left get as large a share."""
        if self.replay is not None:
            at = len(self.record)
            return self.replay[at] if at < len(self.replay) else 0
        if self.deadline is None:
            return size
        now = time.monotonic()
        affordable = max(0.0, self.deadline - now) * self.done / (now - self.began)
        if affordable >= left:
            # A plan that was cut short may turn out to have been too careful: the first steps are slow.
            wanted = max(left, self.steps - self.done)
            more = min(affordable, wanted) / max(1, left) if self.hurried else 1.0
            return int(size * min(more, MOST_MORE))
        self.hurried = True
        return int(size * affordable / left)
