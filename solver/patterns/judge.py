"""Whether rules clash: fit no topology, however kind, for some shard that all of them govern."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from shardwright.solver.patterns.axes import Slot
from shardwright.solver.patterns.boxes import Region, join, meet_all, without
from shardwright.solver.patterns.fits import Layout, Shard, layout, own_counts, shards_in
from shardwright.solver.patterns.needs import Least, Most, Need, Nodes, Part
from shardwright.solver.patterns.space import Space

REPLICAS: Slot = ("shard", "", "replicas")


@dataclass(frozen=True)
class Clash:
    """Parts that fit no topology for some shard that all of them govern."""

    parts: tuple[Part, ...]
    shard: Shard


class Judge:
    """Says whether rules clash, knowing what other policies do to the number of replicas."""

    def __init__(self, space: Space, parts: Iterable[Part]) -> None:
        self.space = space
        self._raising: dict[int, list[Region]] = defaultdict(list)
        self._exact: list[tuple[int, Region]] = []
        for part in parts:
            if is_exact(part):
                self._exact.append((part.statement.priority, part.guard))
            if (need := part.need(Least)) is not None:
                assert isinstance(need, Least)
                self._raising[need.amount].append(part.guard)

    def clash(self, parts: Sequence[Part]) -> Clash | None:
        """A shard that all parts govern and for which no topology will do; None if there is none."""
        region = meet_all(part.guard for part in parts)
        needs = needs_of(parts) if region else []
        found = self._unplaced(region, needs)
        if found is not None and (left := self._in_force(parts, region)) != region:
            found = self._unplaced(left, needs) if left else None
        return None if found is None else Clash(tuple(parts), found)

    def _in_force(self, parts: Sequence[Part], region: Region) -> Region:
        """Without the shards whose count a more important policy sets instead of one of the parts."""
        weak = [part.statement.priority for part in parts if is_exact(part) and not part.required]
        stronger = [guard for priority, guard in self._exact if priority < max(weak, default=0)]
        return without(region, join(stronger), self.space.everything) if stronger else region

    def _unplaced(self, region: Region, needs: Sequence[Need]) -> Shard | None:
        """A shard of the region for which no topology will do."""
        for shard in shards_in(self.space, region, compared(needs)):
            own = owns(self.space, shard, needs)
            if any(layout(self.space, shard, needs, count) is not None for count in own):
                continue
            found = self._though_raised(region, needs, shard, max(own))
            if found is not None:
                return found
        return None

    def layout(self, shard: Shard, needs: Sequence[Need], plain: bool = False) -> Layout | None:
        """The fewest nodes that will do, with as many replicas as other policies may give the shard."""
        own = owns(self.space, shard, needs)
        for count in [*own, *(amount for amount in sorted(self._raising) if amount > max(own))]:
            found = layout(self.space, shard, needs, count, plain)
            if found is not None:
                return found
        return None

    def _though_raised(self, region: Region, needs: Sequence[Need], shard: Shard, own: int) -> Shard | None:
        """The shard, unless others give it (and all its like) as many replicas as it takes."""
        for amount in sorted(self._raising):
            if amount > own and layout(self.space, shard, needs, amount) is not None:
                enough = [
                    guard for other in self._raising if other >= amount for guard in self._raising[other]
                ]
                left = without(region, join(enough), self.space.everything)
                return next(shards_in(self.space, left, compared(needs)), None)
        return shard


def needs_of(parts: Iterable[Part]) -> list[Need]:
    """The needs of parts on one shard, without exact counts that a more important policy overrules."""
    given = list(parts)
    exact = [part.statement.priority for part in given if is_exact(part)]
    first = min(exact, default=0)
    return [
        need
        for part in given
        if not is_exact(part) or part.required or part.statement.priority == first
        for need in part.needs
    ]


def is_exact(part: Part) -> bool:
    """Does the rule set the count of replicas?"""
    return any(isinstance(need, (Least, Most)) and need.exact for need in part.needs)


def owns(space: Space, shard: Shard, needs: Sequence[Need]) -> list[int]:
    """How many replicas the shard may ask for itself: what it is said to, or whatever suits it."""
    value = space.axes[REPLICAS].value(shard[REPLICAS]) if REPLICAS in shard else None
    return [int(value)] if isinstance(value, float) else own_counts(needs)


def own_count(space: Space, shard: Shard, needs: Sequence[Need]) -> int:
    """The fewest that suit it; one, where it is not that on which it depends."""
    fitting = (own for own in owns(space, shard, needs) if layout(space, shard, needs, own) is not None)
    return next(fitting, owns(space, shard, needs)[0])


def compared(needs: Iterable[Need]) -> set[Slot]:
    """Attributes of shards that needs compare with nodes."""
    regions = [need.region for need in needs if isinstance(need, Nodes)]
    return {slot for region in regions for box in region for slot in box if slot[0] != "node"}
