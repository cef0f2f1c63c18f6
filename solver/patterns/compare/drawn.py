"""Clusters and placements that are drawn at random; the same for a seed."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random

from shardwright.solver.patterns.axes import Mask, atoms_in
from shardwright.solver.patterns.boxes import Region
from shardwright.solver.patterns.compare.clusters import Json, Sides, Trial
from shardwright.solver.patterns.compare.forms import Form
from shardwright.solver.patterns.compare.trial import Placing
from shardwright.solver.patterns.fits import NodeSample, Shard
from shardwright.solver.patterns.snapshot import snapshot
from shardwright.solver.patterns.space import NODE_ID, Space

RESOURCES = ("cpu", "memory")
PRESENT = 0.85  # how often a label or metric is there at all
PLACINGS = 5
SETTLED = 0.5  # how often a shard stands somewhere today
PLACE = "place"  # a topology label, where distances are drawn


def drawn(space: Space, forms: Sequence[Form], sides: Sides, seed: int) -> Trial:
    """A random cluster of what the rules can tell apart, with random placements; the same for a seed."""
    random = Random(seed)
    form = forms[seed % len(forms)]
    guards = [form.guard, *(random.choice(forms).guard for _ in range(random.randint(0, 2)))]
    shards = [drawn_shard(space, random, guard) for guard in guards if guard]
    nodes = [_drawn_node(space, random) for _ in range(random.randint(2, 4))]
    statements = [statement for side in sides for statement in side.statements]
    document = snapshot(space, statements, shards, nodes)
    with_numbers(document, random)
    return Trial(document, tuple(_drawn_placing(document, random) for _ in range(PLACINGS)))


def drawn_shard(space: Space, random: Random, guard: Region) -> Shard:
    box = random.choice(guard)
    shard = {slot: drawn_atom(random, mask) for slot, mask in sorted(box.items())}
    for slot in sorted(space.axes):
        if slot[0] == "shard" and slot not in shard and slot[2] != "id" and random.random() < PRESENT:
            shard[slot] = drawn_atom(random, space.axes[slot].everything & ~space.axes[slot].missing)
    return shard


def _drawn_node(space: Space, random: Random) -> NodeSample:
    node: NodeSample = {}
    for slot in sorted(space.axes):
        axis = space.axes[slot]
        if slot[0] == "node" and slot != NODE_ID and random.random() < PRESENT:
            node[slot] = (drawn_atom(random, axis.everything & ~axis.missing), random.randint(0, 1))
    return node


def drawn_atom(random: Random, mask: Mask) -> int:
    return random.choice(list(atoms_in(mask)))


def with_numbers(document: Json, random: Random, loads: Sequence[int] = (1, 2, 3, 4)) -> None:
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
        shard["load"] = {name: random.choice(loads) for name in resources} | shard.get("load", {})
        shard.setdefault("replicas", random.choice((1, 1, 2)))
        shard.setdefault("move_cost", random.choice((1, 2, 5)))
        if random.random() < SETTLED:
            shard["placement"] = [{"node": name} for name in random.sample(names, 1)]


def with_distances(document: Json, random: Random, sources: Sequence[str]) -> None:
    """Nodes and shards in places of their own, and how far these are from each other and from `sources`."""
    document.setdefault("topology", [PLACE])
    key = document["topology"][0]
    for at, node in enumerate(document["nodes"], 1):
        node["labels"].setdefault(key, f"{PLACE}-{at}")
    places = sorted({node["labels"][key] for node in document["nodes"]})
    for shard in document["shards"]:
        shard["labels"].setdefault(key, random.choice(places))
    known = {(link["from"], link["to"]) for link in document.get("links", [])}
    document["links"] = document.get("links", []) + [
        {"from": source, "to": place, "latency_ms": random.choice((1, 2, 5, 9))}
        for source in sorted({*sources, *places})
        for place in places
        if source != place and (source, place) not in known and (source in sources or source < place)
    ]


def _drawn_placing(document: Json, random: Random) -> Placing:
    names = [node["id"] for node in document["nodes"]]
    return {
        shard["id"]: sorted(random.sample(names, min(len(names), max(1, shard["replicas"]))))
        for shard in document["shards"]
    }
