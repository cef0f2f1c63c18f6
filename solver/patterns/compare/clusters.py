"""Small clusters on which two policy sets may differ, with placements."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from shardwright.solver.patterns.axes import Slot
from shardwright.solver.patterns.boxes import Box, Region
from shardwright.solver.patterns.compare.forms import Side
from shardwright.solver.patterns.compare.trial import Placing
from shardwright.solver.patterns.fits import Layout, NodeSample, Shard
from shardwright.solver.patterns.judge import REPLICAS
from shardwright.solver.patterns.needs import Part
from shardwright.solver.patterns.snapshot import snapshot
from shardwright.solver.patterns.space import Space

Json = dict[str, Any]
Sides = tuple[Side, Side]


@dataclass(frozen=True)
class Trial:
    """A snapshot, and placements on it."""

    snapshot: Json
    placings: tuple[Placing, ...]


def governing(space: Space, side: Side, shard: Shard) -> list[Part]:
    return [part for part in side.parts.items if governs(space, part.guard, shard)]


def governs(space: Space, guard: Region, shard: Shard) -> bool:
    return any(_holds(space, box, shard) for box in guard)


def _holds(space: Space, box: Box, shard: Shard) -> bool:
    return all(mask >> shard.get(slot, _default(space, slot)) & 1 for slot, mask in box.items())


def _default(space: Space, slot: Slot) -> int:
    """What an attribute is where nobody sets it: missing, or the last value if it cannot be."""
    return space.axes[slot].size - 1


def alone(space: Space, sides: Sides, shard: Shard, layouts: Sequence[Layout], own: int) -> Trial:
    """One shard that asks for `own` replicas, and nodes for each of the layouts, which are its placements."""
    nodes: list[NodeSample] = [node for layout in layouts for node in layout] or [{}]
    statements = [statement for side in sides for statement in side.statements]
    document = snapshot(space, statements, [shard], nodes)
    one = document["shards"][0]
    if REPLICAS not in shard:
        one["replicas"] = own
    names = iter(node["id"] for node in document["nodes"])
    placings = [{one["id"]: [next(names) for _ in layout]} for layout in layouts]
    return Trial(document, tuple(placings))


def settled(trial: Trial, placing: Placing) -> Trial:
    """Where the shards stand today is where one of the placements has them."""
    shards = [
        {**shard, "placement": [{"node": name} for name in placing[shard["id"]]]}
        for shard in trial.snapshot["shards"]
    ]
    return Trial({**trial.snapshot, "shards": shards}, trial.placings)
