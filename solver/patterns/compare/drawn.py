"""Clusters and placements that are drawn at random; the same for a seed."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random

from shardwright.solver.patterns.axes import Mask, atoms_in
from shardwright.solver.patterns.boxes import Region
from shardwright.solver.patterns.compare.clusters import Json, Sides, Trial, alone, governing
from shardwright.solver.patterns.compare.forms import Form
from shardwright.solver.patterns.compare.trial import Placing
from shardwright.solver.patterns.fits import Layout, NodeSample, Shard, layout
from shardwright.solver.patterns.judge import needs_of
from shardwright.solver.patterns.needs import Need, Nodes
from shardwright.solver.patterns.snapshot import snapshot
from shardwright.solver.patterns.space import NODE_ID, Space

RESOURCES = ("cpu", "memory")
PRESENT = 0.85  # how often a label or metric is there at all
PLACINGS = 5
MOST_OWN = 4  # replicas that a shard asks for
ODDS = 0.5  # how often a yielding rule is kept, a node has a label of its own, a shard stands somewhere


def fitting(space: Space, forms: Sequence[Form], sides: Sides, seed: int) -> Trial | None:
    """Placements of one shard that keep the required rules of a side, and some of the yielding ones.

    None where these rules leave a shard that was drawn nothing.
    """
    random = Random(seed)
    form = forms[seed % len(forms)]
    if form.by_text:
        return None
    shard = _drawn_shard(space, random, form.guard)
    parts = governing(space, random.choice(sides), shard)
    required = [part for part in parts if part.required]
    own = random.randint(1, MOST_OWN)
    found: list[Layout] = []
    for _ in range(PLACINGS):
        needs = needs_of(
            [*required, *(part for part in parts if not part.required and random.random() < ODDS)]
        )
        count = own + random.choice((-1, 0, 0, 1))
        nodes = _narrowed(space, random, shard, needs, count) or _narrowed(
            space, random, shard, needs_of(required), own
        )
        if nodes:
            found.append(nodes)
    if not found:
        return None
    trial = alone(space, sides, shard, found, own)
    _with_numbers(trial.snapshot, random)
    return trial


def _narrowed(space: Space, random: Random, shard: Shard, needs: Sequence[Need], own: int) -> Layout | None:
    """Nodes that fit, each attribute with a value that was drawn where it may have that."""
    found = layout(space, shard, needs, own)
    if not found:
        return None
    for slot in sorted(space.axes):
        if slot[0] == "node" and slot != NODE_ID and random.random() < ODDS:
            atom = _drawn_atom(random, space.axes[slot].everything)
            more = [*needs, Nodes(({slot: 1 << atom},))]
            if (narrower := layout(space, shard, more, own)) is not None:
                found, needs = narrower, more
    return found


def drawn(space: Space, forms: Sequence[Form], sides: Sides, seed: int) -> Trial:
    """A random cluster of what the rules can tell apart, with random placements; the same for a seed."""
    random = Random(seed)
    form = forms[seed % len(forms)]
    guards = [form.guard, *(random.choice(forms).guard for _ in range(random.randint(0, 2)))]
    shards = [_drawn_shard(space, random, guard) for guard in guards if guard]
    nodes = [_drawn_node(space, random) for _ in range(random.randint(2, 4))]
    statements = [statement for side in sides for statement in side.statements]
    document = snapshot(space, statements, shards, nodes)
    _with_numbers(document, random)
    return Trial(document, tuple(_drawn_placing(document, random) for _ in range(PLACINGS)))


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
