"""How far a solver has come, for whoever waits."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace


@dataclass(frozen=True)
class Progress:
    """Costs of the best placement so far (None: there is none) and lower bounds, level by level.

    `faults` are required rules that it still breaks; `moves` is how many replicas are new where they stand,
    None where nobody has counted.
    """

    cost: tuple[int, ...] | None
    bound: tuple[int, ...]
    faults: int = 0
    moves: int | None = None

    @property
    def gap(self) -> float | None:
        """(cost - bound) / cost at the first level that may still get better; 0.0 where none can."""
        if self.cost is None:
            return None
        for cost, bound in zip(self.cost, self.bound, strict=False):
            if cost > bound:
                return (cost - bound) / cost
        return 0.0

    def __str__(self) -> str:
        if self.cost is None or self.gap is None:
            return f"no placement yet, bound {_levels(self.bound)}"
        told = [f"cost {_levels(self.cost)}", f"bound {_levels(self.bound)}", f"gap {self.gap:.1%}"]
        if self.faults:
            told.insert(0, "required rules still broken")
        if self.moves is not None:
            told.append("1 move" if self.moves == 1 else f"{self.moves:,} moves")
        return ", ".join(told)


def _levels(costs: tuple[int, ...]) -> str:
    """Most important level first."""
    return " / ".join(map(str, costs)) or "0"


OnProgress = Callable[[Progress], None]


class Onward:
    """Tells of a placement only if it is better than all before, whichever strategy has found it."""

    def __init__(self, tell: OnProgress) -> None:
        self.tell = tell
        self.best: Progress | None = None

    def __call__(self, progress: Progress) -> None:
        before = self.best or progress
        ahead = progress if _is_better(progress, before) else before
        self.best = replace(ahead, bound=max(before.bound, progress.bound))
        self.tell(self.best)


def _is_better(one: Progress, other: Progress) -> bool:
    if one.cost is None or other.cost is None:
        return one.cost is not None
    return (one.faults, one.cost) < (other.faults, other.cost)
