"""Regions: what conditions select, as alternatives of independent restrictions of attributes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from shardwright.solver.patterns.axes import Mask, Slot

Box = Mapping[Slot, Mask]  # the attributes that are restricted, each to some of its atoms
Region = tuple[Box, ...]  # what lies in any of its boxes

ALL: Region = ({},)
NOTHING: Region = ()


def meet_boxes(first: Box, second: Box) -> Box | None:
    """What lies in both; None if that is nothing."""
    if len(first) < len(second):
        first, second = second, first
    if not second:
        return first
    both = dict(first)
    for slot, mask in second.items():
        both[slot] = both[slot] & mask if slot in both else mask
        if not both[slot]:
            return None
    return both


def meet(first: Region, second: Region) -> Region:
    """What lies in both regions."""
    if first is ALL or second is ALL:
        return second if first is ALL else first
    found = (meet_boxes(one, other) for one in first for other in second)
    return simplified(box for box in found if box is not None)


def meet_all(regions: Iterable[Region]) -> Region:
    whole = ALL
    for region in regions:
        whole = meet(whole, region)
        if not whole:
            return NOTHING
    return whole


def join(regions: Iterable[Region]) -> Region:
    """What lies in any of the regions."""
    return simplified(box for region in regions for box in region)


def simplified(boxes: Iterable[Box]) -> Region:
    """Without boxes that lie within others; boxes that differ in one attribute only become one."""
    kept: list[Box] = []
    for box in boxes:
        if any(covers(other, box) for other in kept):
            continue
        kept = [other for other in kept if not covers(box, other)]
        kept.append(box)
    return tuple(_merged(kept)) if len(kept) > 1 else tuple(kept)


def _merged(boxes: list[Box]) -> list[Box]:
    groups: dict[tuple[object, ...], dict[Slot, Mask]] = {}
    slots = {frozenset(box) for box in boxes}
    if len(slots) != 1 or len(next(iter(slots))) != 1:
        return boxes
    for box in boxes:
        (slot, mask), *_ = box.items()
        merged = groups.setdefault((slot,), {slot: 0})
        merged[slot] |= mask
    return [dict(box) for box in groups.values()]


def covers(outer: Box, inner: Box) -> bool:
    """Does everything of a box lie in another?"""
    return all(slot in inner and not inner[slot] & ~mask for slot, mask in outer.items())


def without_box(box: Box, cut: Box, everything: Mapping[Slot, Mask]) -> Iterator[Box]:
    """What of a box lies outside another: boxes that do not overlap."""
    if meet_boxes(box, cut) is None:
        yield box
        return
    inside = dict(box)
    for slot in sorted(cut):
        mask = inside.get(slot, everything[slot])
        if outside := mask & ~cut[slot]:
            yield {**inside, slot: outside}
        inside[slot] = mask & cut[slot]


def without(region: Region, cut: Region, everything: Mapping[Slot, Mask]) -> Region:
    """What of a region lies outside another."""
    left: tuple[Box, ...] = region
    for box in cut:
        left = tuple(part for one in left for part in without_box(one, box, everything))
    return left


def within(inner: Region, outer: Region, everything: Mapping[Slot, Mask]) -> bool:
    """Does everything of a region lie in another?"""
    return not without(inner, outer, everything)
