"""Placements that break a rule and nothing else, or hold only with it: two sides may differ on them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from shardwright.solver.patterns.axes import Axis
from shardwright.solver.patterns.boxes import Region, without
from shardwright.solver.patterns.needs import Count, Least, Most, Need, Nodes
from shardwright.solver.patterns.space import NODE_ID, Space

MOST_PLACES = 3
Broken = tuple[tuple[Need, ...], int]  # what a placement has to be like, and the shard's own replicas


def ways_to_break(space: Space, asked: Sequence[Need]) -> Iterator[Broken]:
    """Needs under which a placement breaks a rule that asks for some, or needs it; a few ways of doing so."""
    for need in asked:
        match need:
            case Nodes(region=region):
                yield from _elsewhere(space, region)
            case Least(amount=amount):
                yield (Least(amount), Most(amount)), min(1, amount - 1)  # more than the shard asks for itself
                if amount > 1:
                    yield (Most(amount - 1),), amount - 1
                yield (Most(0),), 0
            case Most(amount=amount):
                yield (Least(amount), Most(amount)), amount + 1  # fewer than it asks for
                yield (Least(amount + 1),), amount + 1
            case Count():
                yield from _counted(space, need)


def _elsewhere(space: Space, region: Region) -> Iterator[Broken]:
    """On nodes outside the region, with values rather than without."""
    for box in without(({},), region, space.everything):
        known = {slot: mask & ~space.axes[slot].missing for slot, mask in box.items()}
        if all(known.values()):
            yield (Nodes((known,)),), 1
        yield (Nodes((box,)),), 1


def _counted(space: Space, need: Count) -> Iterator[Broken]:
    axis, amount = space.axes[need.slot], need.amount
    labelled = _labelled(space, axis)
    match need.limit:
        case "max":
            # One replica more than so many places may hold; other rules may want more places than one.
            for places in range(1, MOST_PLACES + 1):
                yield (*labelled, Count(need.slot, "max_values", places)), places * amount + 1
        case "min_values":
            for own in (amount, 1):
                yield (*labelled, Count(need.slot, "max_values", amount - 1)), own
        case "max_values":
            yield (*labelled, Count(need.slot, "min_values", amount + 1)), amount + 1
        case "max_skew":  # where there is another value, on nodes for another placement
            yield (*labelled, Count(need.slot, "max_values", 1)), max(2, amount + 1)
        case "least":
            for own in (amount, 1):
                yield (*labelled, Count(need.slot, "most", amount - 1, need.atom)), own
        case "most":
            yield (*labelled, Count(need.slot, "least", amount + 1, need.atom)), amount + 1


def _labelled(space: Space, axis: Axis) -> tuple[Need, ...]:
    if axis.slot == NODE_ID:
        return ()
    return (Nodes(space.restricted(axis.slot, axis.everything & ~axis.missing)),)
