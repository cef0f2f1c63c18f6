"""Which of many regions meet: sets of numbers as bits, so that a thousand are compared at once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence

from shardwright.solver.patterns.axes import Mask, Slot, atoms_in
from shardwright.solver.patterns.boxes import Box, Region

Bits = int


def bits_of(numbers: Iterable[int]) -> Bits:
    found = 0
    for number in numbers:
        found |= 1 << number
    return found


def numbers_in(bits: Bits) -> Iterator[int]:
    return iter(atoms_in(bits))


class Index:
    """Regions by what they accept of each attribute. Region `i` is bit i of every answer."""

    def __init__(self, regions: Sequence[Region]) -> None:
        boxes = [(at, box) for at, region in enumerate(regions) for box in region]
        self._owner = [at for at, _ in boxes]
        self._plain = all(len(region) == 1 for region in regions)
        self._whole = (1 << len(boxes)) - 1
        self._bound: dict[Slot, Bits] = defaultdict(int)
        by_mask: dict[Slot, dict[Mask, Bits]] = defaultdict(lambda: defaultdict(int))
        for number, (_, box) in enumerate(boxes):
            for slot, mask in box.items():
                self._bound[slot] |= 1 << number
                by_mask[slot][mask] |= 1 << number
        self._by_mask: Mapping[Slot, Mapping[Mask, Bits]] = by_mask
        self._known: dict[tuple[Slot, Mask], Bits] = {}

    def meeting(self, region: Region) -> Bits:
        """The regions that have something in common with one."""
        found = 0
        for box in region:
            found |= self._boxes(box)
        return found if self._plain else bits_of({self._owner[number] for number in numbers_in(found)})

    def _boxes(self, box: Box) -> Bits:
        found = self._whole
        for slot, mask in box.items():
            if slot in self._bound:
                found &= self._accepting(slot, mask)
        return found

    def _accepting(self, slot: Slot, mask: Mask) -> Bits:
        key = (slot, mask)
        if key not in self._known:
            accepting = self._whole & ~self._bound[slot]
            for other, boxes in self._by_mask[slot].items():
                if other & mask:
                    accepting |= boxes
            self._known[key] = accepting
        return self._known[key]
