"""How far the analysis of policies looks: every limit has a name, and answers say when one was reached."""

from __future__ import annotations

from dataclasses import dataclass, field, fields


@dataclass(frozen=True)
class Bounds:
    """Limits of one analysis.

    `most_parties`: rules of one conflict over replica counts. `most_boxes`: alternatives of one condition.
    `most_steps`: sets of rules looked at for each family. `most_conflicts`: conflicts that are listed.
    `most_together`: notes on sets that hold on some clusters only. `most_nodes`: nodes of a witness.
    `most_trials`: clusters on which two policy sets are compared.
    `most_shards`: shards of one kind in a witness.
    """

    most_parties: int = 4
    most_boxes: int = 256
    most_steps: int = 200_000
    most_conflicts: int = 100
    most_together: int = 20
    most_trials: int = 40
    most_nodes: int = 24
    most_shards: int = 2


DEFAULT_BOUNDS = Bounds()
# One change waits for its answer: fewer notes on clusters to come, and the conflicts all the same.
CHANGED_BOUNDS = Bounds(most_together=5)


@dataclass
class Reached:
    """The limits that an analysis has met, by name."""

    bounds: Bounds = DEFAULT_BOUNDS
    names: set[str] = field(default_factory=set)

    def note(self, name: str) -> None:
        assert name in {item.name for item in fields(Bounds)}
        self.names.add(name)

    def told(self) -> dict[str, int]:
        """The limits that were reached, with their values, in the order of their names."""
        return {name: getattr(self.bounds, name) for name in sorted(self.names)}
