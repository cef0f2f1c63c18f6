"""Minimal sets of rules that fit no topology, however kind: found by what they restrict, not by trying all.

Every set that is returned is a clash by `Judge.clash`, and none of its subsets is.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from itertools import combinations

from shardwright.solver.patterns.axes import Mask, Slot
from shardwright.solver.patterns.bounds import Reached
from shardwright.solver.patterns.boxes import Region, meet, meet_all
from shardwright.solver.patterns.index import Bits, Index, bits_of, numbers_in
from shardwright.solver.patterns.judge import Clash, Judge, compared
from shardwright.solver.patterns.needs import Count, Least, Most, Nodes, Part, Parts
from shardwright.solver.patterns.space import NODE_ID


class Finder:
    """Looks for clashes among parts. With `focus` only for those that a part of the focus belongs to."""

    def __init__(self, parts: Parts, reached: Reached, focus: Iterable[int] | None = None) -> None:
        self.parts, self.space, self.reached = parts.items, parts.space, reached
        self.whole = (1 << len(self.parts)) - 1
        self.focus = self.whole if focus is None else bits_of(focus)
        self.found: dict[frozenset[int], Clash] = {}
        self.steps = 0
        self.judge = Judge(self.space, self.parts)
        self._guards = Index([part.guard for part in self.parts])
        self._meets: dict[int, Bits] = {}
        self._alone: Bits = 0

    def clashes(self) -> list[Clash]:
        """All minimal clashes, smaller sets first."""
        self._singles()
        self._node_pairs()
        self._count_pairs()
        self._node_families()
        self._around_counts()
        self._around_mixed()
        ordered = sorted(filter(self._is_minimal, self.found), key=lambda key: (len(key), sorted(key)))
        most = self.reached.bounds.most_conflicts
        if len(ordered) > most:
            self.reached.note("most_conflicts")
        return [self.found[key] for key in ordered[:most]]

    def meets(self, number: int) -> Bits:
        """The other parts that govern a shard together with one."""
        if number not in self._meets:
            found = self._guards.meeting(self.parts[number].guard) & ~(1 << number)
            self._meets[number] = found & ~self._alone
        return self._meets[number]

    @property
    def alone(self) -> set[int]:
        """Parts that hold nowhere even alone."""
        return set(numbers_in(self._alone))

    @property
    def full(self) -> bool:
        return len(self.found) > 4 * self.reached.bounds.most_conflicts

    def _singles(self) -> None:
        for part in self.parts:
            if not part.guard or not part.needs:
                self._alone |= 1 << part.number
                continue
            clash = self.judge.clash([part])
            if clash is not None:
                self._alone |= 1 << part.number
                if self.focus >> part.number & 1:
                    self.found[frozenset((part.number,))] = clash

    def _is_minimal(self, numbers: frozenset[int]) -> bool:
        """Does the set hold as soon as any one of its parts is left out?"""
        return len(numbers) == 1 or not any(
            self.judge.clash([self.parts[other] for other in sorted(numbers - {number})])
            for number in numbers
        )

    def _record(self, numbers: Iterable[int]) -> bool:
        """Is this set a clash? Then it is kept, if it belongs to the focus."""
        key = frozenset(numbers)
        clash = self.judge.clash([self.parts[number] for number in sorted(key)])
        if clash is not None and self.focus & bits_of(key):
            self.found[key] = clash
        return clash is not None

    def _pair(self, first: int, others: Bits) -> None:
        """The clashes of a part with some of those that it meets."""
        if self.focus >> first & 1:
            others &= self.meets(first)
        else:
            # Asked from the other side, so that only those of the focus are compared with everybody.
            asked = numbers_in(others & self.focus)
            others = bits_of(second for second in asked if self.meets(second) >> first & 1)
        for second in numbers_in(others):
            if self.full:
                self.reached.note("most_conflicts")
                return
            self._record((first, second))

    @cached_property
    def _plain_nodes(self) -> list[int]:
        """Parts that restrict nodes, whatever the shard."""
        return [part.number for part in self._of(Nodes) if not compared(part.needs)]

    def _of(self, kind: type) -> list[Part]:
        return [
            part for part in self.parts if not self._alone >> part.number & 1 and part.need(kind) is not None
        ]

    def _region(self, number: int) -> Region:
        need = self.parts[number].need(Nodes)
        assert isinstance(need, Nodes)
        return need.region

    def _node_pairs(self) -> None:
        numbers = self._plain_nodes
        index = Index([self._region(number) for number in numbers])
        every = bits_of(numbers)
        known: dict[int, Bits] = {}
        looked_at = 0
        for number in numbers:
            region = self._region(number)
            if id(region) not in known:  # equal regions are one object
                known[id(region)] = bits_of(numbers[at] for at in numbers_in(index.meeting(region)))
            looked_at |= 1 << number
            self._pair(number, every & ~known[id(region)] & ~looked_at)

    def _count_pairs(self) -> None:
        most = self._of(Most)
        by_amount: dict[int, Bits] = defaultdict(int)
        for part in most:
            by_amount[_amount(part, Most)] |= 1 << part.number
        for part in self._of(Least):
            least = _amount(part, Least)
            above = 0
            for amount, bits in by_amount.items():
                if amount < least:
                    above |= bits
            self._pair(part.number, above)

    def _node_families(self) -> None:
        """Three and more restrictions of one attribute that leave nothing, though any two of them do."""
        by_slot: dict[Slot, dict[Mask, Bits]] = defaultdict(lambda: defaultdict(int))
        for number in self._plain_nodes:
            region = self._region(number)
            if len(region) == 1:
                for slot, mask in region[0].items():
                    by_slot[slot][mask] |= 1 << number
        for slot in sorted(by_slot):
            for family in self._families(self.space.axes[slot].endless, sorted(by_slot[slot])):
                self._members([by_slot[slot][mask] for mask in family], ())

    def _families(self, endless: Mask, masks: list[Mask]) -> Iterator[tuple[Mask, ...]]:
        seen: set[frozenset[Mask]] = set()
        for base in masks:
            if base & endless:
                continue
            for family in self._narrowed(masks, (base,), base):
                key = frozenset(family)
                if key not in seen and len(family) > 2 and _minimal(family):
                    seen.add(key)
                    yield tuple(sorted(family))

    def _narrowed(
        self, masks: list[Mask], chosen: tuple[Mask, ...], left: Mask
    ) -> Iterator[tuple[Mask, ...]]:
        if not left:
            yield chosen
            return
        atom = left & -left
        for mask in masks:
            if mask & atom or any(not mask & other for other in chosen):
                continue
            if not self._step():
                return
            yield from self._narrowed(masks, (*chosen, mask), left & mask)

    def _step(self) -> bool:
        self.steps += 1
        if self.steps > self.reached.bounds.most_steps:
            self.reached.note("most_steps")
            return False
        return True

    def _members(self, groups: list[Bits], chosen: tuple[int, ...]) -> None:
        """One part of each group, if all of them meet."""
        if self.full or not self._step():
            return
        if not groups:
            if self.focus & bits_of(chosen):
                self._record(chosen)
            return
        candidates = groups[0]
        for number in chosen:
            candidates &= self.meets(number)
        for number in numbers_in(candidates):
            numbers = (*chosen, number)
            if meet_all(self.parts[other].guard for other in numbers):
                self._members(groups[1:], numbers)

    def _around_counts(self) -> None:
        """Sets that count replicas along an attribute: each begins with its first part that counts."""
        roots = [
            part.number
            for part in self.parts
            if not self._alone >> part.number & 1
            and (part.need(Count) is not None or self._names_few_nodes(part))
        ]
        by_slot = {slot: self._touching(slot) for slot in {self._slot(number) for number in roots}}
        counts = bits_of(part.number for part in self._of(Least) if _amount(part, Least) > 1)
        counts |= bits_of(part.number for part in self._of(Most))
        earlier = 0
        for root in roots:
            earlier |= 1 << root
            partners = (by_slot[self._slot(root)] | counts) & ~earlier & self.meets(root)
            if partners and self._in_reach(root, partners):
                self._grow((root,), self.parts[root].guard, partners)

    def _names_few_nodes(self, part: Part) -> bool:
        need = part.need(Nodes)
        axis = self.space.axes.get(NODE_ID)
        return (
            isinstance(need, Nodes)
            and axis is not None
            and any(NODE_ID in box and not box[NODE_ID] & axis.endless for box in need.region)
        )

    def _slot(self, number: int) -> Slot:
        need = self.parts[number].need(Count)
        return need.slot if isinstance(need, Count) else NODE_ID

    def _touching(self, slot: Slot) -> Bits:
        """Parts that count along an attribute, and those that leave only some values of it."""
        axis = self.space.axes[slot]
        named = 0
        for part in self.parts:
            need = part.need(Count)
            if isinstance(need, Count) and need.slot == slot and need.atom is not None:
                named |= 1 << need.atom
        found = []
        for part in self.parts:
            if self._alone >> part.number & 1:
                continue
            need = part.need(Count)
            if isinstance(need, Count) and need.slot == slot:
                found.append(part.number)
            elif part.need(Nodes) is not None:
                masks = [box[slot] for box in self._region(part.number) if slot in box]
                full = axis.endless | axis.missing | named
                if any(full & ~mask for mask in masks):
                    found.append(part.number)
        return bits_of(found)

    def _in_reach(self, root: int, partners: Bits) -> bool:
        return bool(self.focus >> root & 1 or self.focus & partners)

    def _grow(self, chosen: tuple[int, ...], region: Region, candidates: Bits) -> None:
        """Add parts one by one while they fit; stop where they clash."""
        while candidates:
            number = (candidates & -candidates).bit_length() - 1
            candidates &= candidates - 1
            if self.full or not self._step():
                return
            numbers = (*chosen, number)
            both = meet(region, self.parts[number].guard)
            if not both or self._known(numbers) or self._record(numbers):
                continue
            deeper = candidates & self.meets(number)
            wanted = self.focus & (bits_of(numbers) | deeper)
            if len(numbers) < self.reached.bounds.most_parties and deeper and wanted:
                self._grow(numbers, both, deeper)

    def _known(self, numbers: tuple[int, ...]) -> bool:
        """Is some part of the set a clash already?"""
        return any(
            frozenset(some) in self.found
            for size in range(2, len(numbers) + 1)
            for some in combinations(numbers, size)
        )

    def _around_mixed(self) -> None:
        """Rules that compare shard and node, each with those that restrict nodes too."""
        earlier = 0
        for part in self._of(Nodes):
            if not compared(part.needs):
                continue
            earlier |= 1 << part.number
            slots = {slot for box in self._region(part.number) for slot in box if slot[0] == "node"}
            partners = bits_of(
                other.number
                for other in self._of(Nodes)
                if any(slot in box for box in self._region(other.number) for slot in slots)
            )
            partners &= self.meets(part.number) & ~earlier
            if partners and self._in_reach(part.number, partners):
                self._grow((part.number,), part.guard, partners)


def _minimal(family: Sequence[Mask]) -> bool:
    for left_out in range(len(family)):
        rest = ~0
        for at, mask in enumerate(family):
            if at != left_out:
                rest &= mask
        if not rest:
            return False
    return True


def _amount(part: Part, kind: type) -> int:
    need = part.need(kind)
    assert isinstance(need, (Least, Most))
    return need.amount
