"""Whether some nodes satisfy all needs of a shard: the kindest topology, worked out in closed form."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from shardwright.solver.patterns.axes import Axis, Mask, Slot, atoms_in
from shardwright.solver.patterns.boxes import ALL, Box, Region, meet_all
from shardwright.solver.patterns.needs import Count, Least, Most, Need, Nodes
from shardwright.solver.patterns.space import NODE_ID, Space

FEW_REPLICAS = 8
Place = tuple[int, int]  # an atom, and which of the values that it stands for
NodeSample = dict[Slot, Place]
Shard = Mapping[Slot, int]  # the atom of each attribute of a shard that somebody mentions
Layout = tuple[NodeSample, ...]  # the nodes that hold one shard, one replica each


@dataclass(frozen=True)
class Value:
    """A value that replicas may stand at, with the least and the most of them."""

    place: Place
    least: int
    most: int


def layout(
    space: Space, shard: Shard, needs: Sequence[Need], own: int = 1, plain: bool = False
) -> Layout | None:
    """Nodes for the replicas of a shard, as few as there are replicas; None where no topology will do.

    With `plain` the nodes carry nothing that nobody asks for; else they are told apart where they may be.

    Exact for needs that restrict each attribute by itself. Where alternatives mix several attributes all
    replicas are looked for within one alternative.
    """
    count = replica_count(needs, own)
    if count is None:
        return None
    region = meet_all(for_shard(need.region, shard) for need in needs if isinstance(need, Nodes))
    counts = [need for need in needs if isinstance(need, Count)]
    if not count and not counts:
        return ()
    for box in region or ({},) if not count else region:
        found = _in_box(space, box, counts, count, plain)
        if found is not None:
            return found
    return None


def replica_count(needs: Iterable[Need], own: int) -> int | None:
    """How many replicas a shard has; None where the least and the greatest count exclude each other."""
    low = max((need.amount for need in needs if isinstance(need, Least)), default=None)
    high = min((need.amount for need in needs if isinstance(need, Most)), default=None)
    if low is not None and high is not None and low > high:
        return None
    count = own if low is None else max(own, low)
    return count if high is None else min(count, high)


def own_counts(needs: Iterable[Need]) -> list[int]:
    """How many replicas a shard may ask for itself, where that is open: one, or as many as needs count.

    The fewest first.
    """
    found = {1}
    least: dict[Slot, dict[int | None, int]] = {}
    for need in needs:
        if isinstance(need, Count) and need.limit in ("least", "min_values"):
            atoms = least.setdefault(need.slot, {})
            atoms[need.atom] = max(atoms.get(need.atom, 0), need.amount)
    for atoms in least.values():
        named = [amount for atom, amount in atoms.items() if atom is not None]
        variety = atoms.get(None, 0)
        found |= {max(1, sum(named) + max(0, variety - len(named))), max([1, *named]) * max(1, variety)}
    return sorted({*found, *range(1, min(max(found), FEW_REPLICAS))})


def for_shard(region: Region, shard: Shard) -> Region:
    """The part of a region that is about nodes, for one shard."""
    if region is ALL or all(slot[0] == "node" for box in region for slot in box):
        return region
    found = []
    for box in region:
        mine = [(slot, mask) for slot, mask in box.items() if slot[0] != "node"]
        if all(mask >> shard[slot] & 1 for slot, mask in mine if slot in shard):
            found.append({slot: mask for slot, mask in box.items() if slot[0] == "node"})
    return tuple(found)


def _in_box(space: Space, box: Box, counts: Sequence[Count], count: int, plain: bool) -> Layout | None:
    nodes: list[NodeSample] = [{} for _ in range(count)]
    counted = {need.slot for need in counts}
    if NODE_ID in box:
        counted.add(NODE_ID)
    for slot in sorted(counted):
        axis = space.axes[slot]
        mask = box.get(slot, axis.everything)
        places = _spread(axis, mask, [need for need in counts if need.slot == slot], count, plain)
        if places is None:
            return None
        for node, place in zip(nodes, places, strict=True):
            node[slot] = place
    for slot, mask in sorted(box.items()):
        if slot not in counted:
            for node in nodes:
                node[slot] = (next(iter(atoms_in(mask & space.axes[slot].missing * plain or mask))), 0)
    return tuple(nodes)


def _spread(axis: Axis, mask: Mask, counts: Sequence[Count], count: int, plain: bool) -> list[Place] | None:
    """A place for each replica along one attribute."""
    limits = {name: [need.amount for need in counts if need.limit == name] for name in LIMITS}
    most = min([*limits["max"], 1 if axis.slot == NODE_ID else count, count])
    values = _values(axis, mask, counts, most, count)
    if values is None:
        return None
    free = bool(mask & axis.missing) and axis.slot != NODE_ID
    fewest = max([sum(value.least > 0 for value in values), *limits["min_values"]])
    greatest = min([len(values), count, *limits["max_values"]])
    skew = min(limits["max_skew"], default=None)
    varieties = range(fewest, greatest + 1)
    for variety in varieties if plain else reversed(varieties):
        for level in range(1, count + 1) if skew is not None and variety else (1,):
            chosen = _chosen(values, variety, level, None if skew is None else level + skew)
            places = _filled(axis, chosen, count, free)
            if places is not None:
                return places
    return None


LIMITS = ("max", "min_values", "max_values", "max_skew")


def _values(axis: Axis, mask: Mask, counts: Sequence[Count], most: int, count: int) -> list[Value] | None:
    """The values that replicas may stand at; of those that nobody names as many as there are replicas."""
    least: dict[int, int] = {}
    limit: dict[int, int] = {}
    for need in counts:
        if need.limit == "least" and need.atom is not None:
            least[need.atom] = max(least.get(need.atom, 0), need.amount)
        elif need.limit == "most" and need.atom is not None:
            limit[need.atom] = min(limit.get(need.atom, count), need.amount)
    if any(not mask >> atom & 1 for atom in least):
        return None
    found = [
        Value((atom, 0), least.get(atom, 0), min(most, limit.get(atom, most)))
        for atom in atoms_in(mask & axis.singles)
    ]
    for atom in atoms_in(mask & axis.endless):
        found += [Value((atom, variant), 0, most) for variant in range(count)]
        break
    wanted = [value for value in found if value.least]
    others = sorted(
        (value for value in found if not value.least), key=lambda value: (-value.most, value.place)
    )
    return [*wanted, *others]


def _chosen(values: list[Value], variety: int, level: int, top: int | None) -> list[Value]:
    return [
        Value(value.place, max(value.least, level), value.most if top is None else min(value.most, top))
        for value in values[:variety]
    ]


def _filled(axis: Axis, values: list[Value], count: int, free: bool) -> list[Place] | None:
    """As many places as replicas: first the least of each value, then what there is room for."""
    if any(value.least > value.most for value in values) or sum(value.least for value in values) > count:
        return None
    held = [value.least for value in values]
    left = count - sum(held)
    while left:
        room = [at for at, value in enumerate(values) if held[at] < value.most]
        if not room:
            break
        held[min(room, key=lambda at: held[at])] += 1
        left -= 1
    if left and not free:
        return None
    places = [value.place for value, number in zip(values, held, strict=True) for _ in range(number)]
    return places + [(axis.size - 1, 0)] * left


def shards_in(space: Space, region: Region, compared: Iterable[Slot]) -> Iterator[Shard]:
    """Examples of shards in a region: one for each box, or for each value of what is compared with nodes."""
    slots = sorted(set(compared))
    for box in region:
        yield from _combinations(space, box, slots, {slot: _first(mask) for slot, mask in box.items()})


def _first(mask: Mask) -> int:
    return next(iter(atoms_in(mask)))


def _combinations(space: Space, box: Box, slots: list[Slot], sample: dict[Slot, int]) -> Iterator[Shard]:
    if not slots:
        yield sample
        return
    slot, *rest = slots
    axis = space.axes[slot]
    mask = box.get(slot, axis.everything)
    for atom in atoms_in(mask & axis.singles or mask & ~axis.missing or mask):
        yield from _combinations(space, box, rest, {**sample, slot: atom})
