"""Clusters of two nodes alike: loaded to between an old limit and a new one, or with goals to choose from."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from decimal import Decimal
from itertools import product
from random import Random

from shardwright.grammar.rules import NODE, Balance, Capacity, Kind
from shardwright.solver.patterns.boxes import Region, meet
from shardwright.solver.patterns.compare.clusters import Json, Sides, Trial, governing, governs, settled
from shardwright.solver.patterns.compare.drawn import RESOURCES, drawn_shard
from shardwright.solver.patterns.compare.forms import Form
from shardwright.solver.patterns.compare.left import Left
from shardwright.solver.patterns.fits import NodeSample, Shard, layout
from shardwright.solver.patterns.judge import needs_of
from shardwright.solver.patterns.snapshot import snapshot
from shardwright.solver.patterns.space import NODE_ID, Space

DRAWS = 4  # shards that are tried for a limit, beside one without labels
SIZE = 1_000_000  # of each node
FULL = 100  # percent
PRICES = (1, 2, 1_000_000)  # of the second node, where the first one costs 1
LIGHT, HEAVY = Decimal("0.000002"), Decimal("0.4")  # shares of a node that a shard takes
SHARD_ID = ("shard", "", "id")


def between(space: Space, changed: Left, sides: Sides) -> Iterator[Trial]:
    """For each limit on loads that has another number now: a cluster on which one side keeps it."""
    for gone, come in product(changed.gone, changed.come):
        one, other = _percent(gone.rule.kind), _percent(come.rule.kind)
        if one is None or other is None or _unnumbered(gone.rule.kind) != _unnumbered(come.rule.kind):
            continue
        for shard, node in _alike(space, gone.guard, sides):
            make = _uneven if isinstance(gone.rule.kind, Balance) else _loaded
            yield make(space, gone.rule.kind, shard, node, sides, (one + other) / 2)


def choosing(space: Space, changed: Left, rivals: Iterable[Form], sides: Sides) -> Iterator[Trial]:
    """For each goal that has changed, and each that it has passed: two shards that share a node or do not.

    To share it costs less, and leaves the other node empty; what that counts for depends on the prices.
    """
    goals = [form for form in (*changed.gone, *changed.come) if form.is_goal]
    for one, other in product(goals, rivals):
        for shard, node in _alike(space, meet(one.guard, other.guard), sides):
            for price, share in product(PRICES, (LIGHT, HEAVY)):
                yield _shared(space, one.rule.kind, shard, node, sides, price, share)


def _shared(
    space: Space, kind: Kind, shard: Shard, node: NodeSample, sides: Sides, price: int, share: Decimal
) -> Trial:
    document = _snapshot(space, kind, sides, node, {"one": (shard, share), "two": (shard, share)})
    one, two = (shard["id"] for shard in document["shards"])
    cheap, dear = document["nodes"]
    cheap["cost_per_hour"], dear["cost_per_hour"] = 1, price
    names = [cheap["id"], dear["id"]]
    placings = ({one: [first], two: [second]} for first in names for second in names)
    return Trial(document, tuple(placings))


def _percent(kind: Kind) -> Decimal | None:
    if isinstance(kind, Capacity) and kind.over == NODE:
        return kind.percent
    if isinstance(kind, Balance) and kind.over == NODE and not kind.replicas and kind.tolerance < FULL:
        return kind.tolerance
    return None


def _unnumbered(kind: Kind) -> Kind:
    if isinstance(kind, Balance):
        return replace(kind, tolerance=Decimal(0))
    return replace(kind, percent=None) if isinstance(kind, Capacity) else kind


def _alike(space: Space, guard: Region, sides: Sides) -> Iterator[tuple[Shard, NodeSample]]:
    """A shard of the region, and a node that is enough for all that others ask for it."""
    shards: list[Shard] = [{}] if governs(space, guard, {}) else []
    shards += [drawn_shard(space, Random(seed), guard) for seed in range(DRAWS) if guard]
    for shard in shards:
        needs = needs_of([part for side in sides for part in governing(space, side, shard)])
        found = layout(space, shard, needs, 1)
        if found is not None and len(found) == 1 and SHARD_ID not in shard and NODE_ID not in found[0]:
            yield shard, found[0]
            return


def _loaded(
    space: Space, kind: Kind, shard: Shard, node: NodeSample, sides: Sides, percent: Decimal
) -> Trial:
    """One shard takes so much of a node."""
    document = _snapshot(space, kind, sides, node, {"full": (shard, percent / FULL)})
    (only,), (first, _) = document["shards"], document["nodes"]
    return Trial(document, ({only["id"]: [first["id"]]},))


def _uneven(
    space: Space, kind: Kind, shard: Shard, node: NodeSample, sides: Sides, percent: Decimal
) -> Trial:
    """One node is so much above the mean today; a move would make them even."""
    more = percent / FULL
    tenth = Decimal("0.1")
    shares = {"stays": (shard, tenth), "goes": (shard, tenth * more), "beside": (shard, tenth * (1 - more))}
    document = _snapshot(space, kind, sides, node, shares)
    stays, goes, beside = (one["id"] for one in document["shards"])
    first, second = (one["id"] for one in document["nodes"])
    today = {stays: [first], goes: [first], beside: [second]}
    return settled(Trial(document, (today, today | {goes: [second]})), today)


def _snapshot(
    space: Space, kind: Kind, sides: Sides, node: NodeSample, shares: dict[str, tuple[Shard, Decimal]]
) -> Json:
    """Two nodes alike, and shards that take such shares of one."""
    statements = [statement for side in sides for statement in side.statements]
    document = snapshot(space, statements, [shard for shard, _ in shares.values()], [node, node])
    resources = sorted({*document.get("resources", ()), *RESOURCES})
    document["resources"] = {name: {} for name in resources}
    counted = getattr(kind, "resources", None) or resources
    for one in document["nodes"]:
        one["capacity"] = dict.fromkeys(resources, SIZE)
    for one, (_, share) in zip(document["shards"], shares.values(), strict=True):
        one["load"] = {name: float(SIZE * share) if name in counted else 0 for name in resources}
        one["replicas"] = 1
    return document
