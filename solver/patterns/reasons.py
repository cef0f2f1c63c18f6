"""Why rules clash whatever the nodes: one small record for each way."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from shardwright.solver.patterns.axes import Slot
from shardwright.solver.patterns.boxes import meet_all
from shardwright.solver.patterns.fits import Shard, for_shard, layout, replica_count
from shardwright.solver.patterns.needs import Count, Least, Most, Need, Nodes
from shardwright.solver.patterns.space import NODE_ID, Space


@dataclass(frozen=True)
class CountsCross:
    """The least number of replicas is above the greatest."""

    least: int
    most: int


@dataclass(frozen=True)
class NoNode:
    """No node fulfils all conditions; `together` is how many rules state them."""

    together: int


@dataclass(frozen=True)
class NoRoom:
    """A shard has `replicas` and the values of an attribute take at most `room` of them."""

    slot: Slot
    replicas: int
    room: int


@dataclass(frozen=True)
class TooFew:
    """A shard has `replicas`, too few for the values of an attribute that it has to reach."""

    slot: Slot
    replicas: int


Reason = CountsCross | NoNode | NoRoom | TooFew


def reason_of(space: Space, shard: Shard, needs: Sequence[Need], own: int) -> Reason:
    """The way in which needs exclude each other (they are known to)."""
    count = replica_count(needs, own)
    if count is None:
        least = max(need.amount for need in needs if isinstance(need, Least))
        return CountsCross(least, min(need.amount for need in needs if isinstance(need, Most)))
    nodes = [need for need in needs if isinstance(need, Nodes)]
    if not meet_all(for_shard(need.region, shard) for need in nodes):
        return NoNode(len(nodes))
    slots = [need.slot for need in needs if isinstance(need, Count)]
    free = [need for need in needs if not isinstance(need, (Least, Most))]
    room = max((few for few in range(count) if layout(space, shard, free, few) is not None), default=None)
    if room is None or (room == 0 and _reaching(needs)):
        return TooFew(slots[0] if slots else NODE_ID, count)
    return NoRoom(slots[0] if slots else NODE_ID, count, room)


def _reaching(needs: Sequence[Need]) -> bool:
    return any(isinstance(need, Count) and need.limit in ("min_values", "least") for need in needs)
