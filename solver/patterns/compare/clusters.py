"""Small clusters on which two policy sets may differ: made for one rule, or drawn at random."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from random import Random
from typing import Any

from shardwright.solver.patterns.axes import Mask, Slot, atoms_in
from shardwright.solver.patterns.boxes import Box, Region, without
from shardwright.solver.patterns.compare.breaking import ways_to_break
from shardwright.solver.patterns.compare.forms import Form, Side
from shardwright.solver.patterns.compare.trial import Placing
from shardwright.solver.patterns.fits import NodeSample, Shard, layout, shards_in
from shardwright.solver.patterns.judge import REPLICAS, compared, needs_of
from shardwright.solver.patterns.needs import Part
from shardwright.solver.patterns.snapshot import snapshot
from shardwright.solver.patterns.space import NODE_ID, Space

Json = dict[str, Any]
MOST_SHARDS = 4  # examples of shards for one rule
RESOURCES = ("cpu", "memory")
PRESENT = 0.85  # how often a label or metric is there at all


@dataclass(frozen=True)
class Trial:
    """A snapshot, and placements on it."""

    snapshot: Json
    placings: tuple[Placing, ...]


def made_for(space: Space, form: Form, mine: Side, other: Side) -> Iterator[Trial]:
    """Clusters with one shard that break this rule and none of the other side, where that can be."""
    part = next((part for part in mine.parts.items if part.rule.id == form.rule.id), None)
    if part is None:
        return
    for region in _where(space, form, other):
        for shard in islice(shards_in(space, region, compared(part.needs)), MOST_SHARDS):
            for needs, own in ways_to_break(space, part):
                for governing in (_governing(space, other, shard), []):
                    nodes = layout(space, shard, [*needs_of(governing), *needs], own)
                    if nodes:
                        yield _alone(space, mine, other, shard, nodes, own)


def _where(space: Space, form: Form, other: Side) -> Iterator[Region]:
    """Shards that the rule is new to come first."""
    theirs = [twin.guard for twin in other.forms if twin.policy.name == form.policy.name]
    for guard in theirs:
        if left := without(form.guard, guard, space.everything):
            yield left
    yield form.guard


def _governing(space: Space, side: Side, shard: Shard) -> list[Part]:
    return [part for part in side.parts.items if any(_holds(space, box, shard) for box in part.guard)]


def _holds(space: Space, box: Box, shard: Shard) -> bool:
    return all(mask >> shard.get(slot, _default(space, slot)) & 1 for slot, mask in box.items())


def _default(space: Space, slot: Slot) -> int:
    """What an attribute is where nobody sets it: missing, or the last value if it cannot be."""
    return space.axes[slot].size - 1


def _alone(
    space: Space, mine: Side, other: Side, shard: Shard, nodes: Sequence[NodeSample], own: int
) -> Trial:
    document = snapshot(space, (*mine.statements, *other.statements), [shard], nodes)
    one = document["shards"][0]
    if REPLICAS not in shard:
        one["replicas"] = own
    return Trial(document, ({one["id"]: [node["id"] for node in document["nodes"]]},))


def drawn(
    space: Space, forms: Sequence[Form], sides: tuple[Side, Side], seed: int, placings: int = 5
) -> Trial:
    """A random cluster of what the rules can tell apart, with random placements; the same for a seed."""
    random = Random(seed)
    form = forms[seed % len(forms)]
    guards = [form.guard, *(random.choice(forms).guard for _ in range(random.randint(0, 2)))]
    shards = [_drawn_shard(space, random, guard) for guard in guards if guard]
    nodes = [_drawn_node(space, random) for _ in range(random.randint(2, 4))]
    statements = [statement for side in sides for statement in side.statements]
    document = snapshot(space, statements, shards, nodes)
    _with_numbers(document, random)
    return Trial(document, tuple(_drawn_placing(document, random) for _ in range(placings)))


def _drawn_shard(space: Space, random: Random, guard: Region) -> Shard:
    box = random.choice(guard)
    shard = {slot: _drawn_atom(random, mask) for slot, mask in sorted(box.items())}
    for slot in sorted(space.axes):
        if slot[0] == "shard" and slot not in shard and slot[2] != "id" and random.random() < PRESENT:
            shard[slot] = _drawn_atom(random, space.axes[slot].everything & ~space.axes[slot].missing)
    return shard


def _drawn_node(space: Space, random: Random) -> NodeSample:
    node: NodeSample = {}
    for slot in sorted(space.axes):
        axis = space.axes[slot]
        if slot[0] == "node" and slot != NODE_ID and random.random() < PRESENT:
            node[slot] = (_drawn_atom(random, axis.everything & ~axis.missing), random.randint(0, 1))
    return node


def _drawn_atom(random: Random, mask: Mask) -> int:
    return random.choice(list(atoms_in(mask)))


def _with_numbers(document: Json, random: Random) -> None:
    """Loads, capacities, costs and replicas, and where some of the shards stand today."""
    resources = sorted({*document.get("resources", ()), *RESOURCES})
    document["resources"] = {name: {"transient": at == 0} for at, name in enumerate(resources)}
    for node in document["nodes"]:
        node.setdefault("cost_per_hour", random.choice((1, 2, 3)))
        sizes = {name: random.choice((8, 12, 20)) for name in resources}
        node["capacity"] = sizes | {
            name: size for name, size in node.get("capacity", {}).items() if size < 1000
        }
        node["safe"] = {name: size * 0.6 for name, size in node["capacity"].items()} | node.get("safe", {})
    names = [node["id"] for node in document["nodes"]]
    for shard in document["shards"]:
        shard["load"] = {name: random.randint(1, 4) for name in resources} | shard.get("load", {})
        shard.setdefault("replicas", random.choice((1, 1, 2)))
        if random.random() < 0.5:
            shard["placement"] = [{"node": name} for name in random.sample(names, 1)]


def _drawn_placing(document: Json, random: Random) -> Placing:
    names = [node["id"] for node in document["nodes"]]
    return {
        shard["id"]: sorted(random.sample(names, min(len(names), max(1, shard["replicas"]))))
        for shard in document["shards"]
    }
