"""Writes a skewed cluster: replicas crowd on some nodes, 5 % of the nodes are new and empty.

    python benchmarks/generate.py --shards 1000 --replicas 3 --nodes 50 --zones 5 --seed 1 --output FILE

The replicas of a shard start in different zones. Every node has 1.3 times the mean load as capacity, and
20-40 % of them start overloaded; the fraction is printed on stderr. The same options give the same bytes.
"""

from __future__ import annotations

import argparse
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import orjson
from numpy.typing import NDArray

SPARE = 1.3
NEW_NODES = 0.05
OVERLOADED = 1 / 3
# No old node is much less popular than this, relative to the most popular, so that only new ones are empty.
FLOOR = 0.15
# How steeply the preference for nodes falls; the one that overloads nearest to a third is taken.
STEEPNESS = np.arange(0.25, 8.25, 0.25)
# Loads have two decimals: enough to differ, and the totals of a million replicas stay exact in the logic.
DECIMALS = 2

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Instance:
    """`place[s, r]` is the node of replica r; `load` and `capacity` have a column for each resource."""

    resources: tuple[str, ...]
    zone: Ints
    load: Floats
    capacity: Floats
    place: Ints

    @property
    def overloaded(self) -> float:
        return overloaded(self.place, self.load, self.capacity, len(self.zone))


def generate(shards: int, replicas: int, nodes: int, zones: int, loads: str, seed: int) -> Instance:
    """The cluster of a seed."""
    random = np.random.default_rng(seed)
    resources = ("slots",) if loads == "unit" else ("cpu", "memory")
    load = shard_loads(random, shards, loads)
    capacity = equal_capacity(load, replicas, nodes, loads)
    zone = np.arange(nodes, dtype=np.int64) % zones
    place = crowd(random, load, capacity, replicas, zone, zones)
    return Instance(resources, zone, load, capacity, place)


def shard_loads(random: np.random.Generator, shards: int, loads: str) -> Floats:
    """The load of one replica of each shard."""
    if loads == "unit":
        return np.ones((shards, 1))
    drawn = random.lognormal(0.0, 1.0, (shards, 2))
    return np.maximum(np.round(drawn, DECIMALS), 10.0**-DECIMALS)


def equal_capacity(load: Floats, replicas: int, nodes: int, loads: str) -> Floats:
    """What every node has of each resource: 1.3 times the mean, rounded up."""
    unit = 1.0 if loads == "unit" else 10.0**DECIMALS
    mean = load.sum(axis=0) * replicas / nodes
    capacity: Floats = np.ceil(np.round(mean * SPARE * unit, 6)) / unit
    return capacity


def crowd(
    random: np.random.Generator, load: Floats, capacity: Floats, replicas: int, zone: Ints, zones: int
) -> Ints:
    """A starting placement that overloads about a third of the nodes."""
    shards, nodes = len(load), len(zone)
    old = nodes - new_nodes(nodes, zones)
    rank = random.permutation(old) / old
    where = np.argsort(random.random((shards, zones)), axis=1)[:, :replicas]
    draw = random.random((shards, replicas))
    places = (spread(where, draw, zone[:old], FLOOR + (1 - rank) ** steep) for steep in STEEPNESS)
    return min(places, key=lambda place: abs(overloaded(place, load, capacity, nodes) - OVERLOADED))


def new_nodes(nodes: int, zones: int) -> int:
    """5 % of the nodes, at least one where that leaves an old one in every zone."""
    return min(max(1, round(nodes * NEW_NODES)), nodes - zones)


def spread(where: Ints, draw: Floats, zone: Ints, weight: Floats) -> Ints:
    """A node in the zone of each replica, drawn by weight."""
    place = np.empty_like(where)
    for value in np.unique(where):
        members = np.flatnonzero(zone == value)
        edges = np.cumsum(weight[members]) / weight[members].sum()
        here = where == value
        place[here] = members[np.searchsorted(edges, draw[here], side="right").clip(max=len(members) - 1)]
    return place


def overloaded(place: Ints, load: Floats, capacity: Floats, nodes: int) -> float:
    """The fraction of nodes that hold more than their capacity of some resource."""
    replicas = place.shape[1]
    used = np.column_stack(
        [np.bincount(place.ravel(), np.repeat(column, replicas), nodes) for column in load.T]
    )
    return float((used > capacity + 1e-6).any(axis=1).mean())


def snapshot(instance: Instance, name: str) -> dict[str, Any]:
    """The snapshot document of an instance."""
    nodes, shards = names("node", len(instance.zone)), names("shard", len(instance.load))
    zones = names("zone", int(instance.zone.max()) + 1)
    capacity = dict(zip(instance.resources, instance.capacity.tolist(), strict=True))
    return {
        "version": "1.0",
        "name": name,
        "resources": {resource: {} for resource in instance.resources},
        "topology": ["zone"],
        "nodes": [
            {"id": node, "labels": {"zone": zones[zone]}, "capacity": capacity}
            for node, zone in zip(nodes, instance.zone, strict=True)
        ],
        "shards": [
            {
                "id": shard,
                "replicas": len(place),
                "load": dict(zip(instance.resources, load, strict=True)),
                "placement": [{"node": nodes[node]} for node in place],
            }
            for shard, load, place in zip(
                shards, instance.load.tolist(), instance.place.tolist(), strict=True
            )
        ],
    }


def names(kind: str, count: int) -> list[str]:
    """`kind-000`, `kind-001`, ...: as many digits as the last one needs, so that they sort by number."""
    digits = len(str(count - 1))
    return [f"{kind}-{number:0{digits}d}" for number in range(count)]


def policies() -> list[dict[str, Any]]:
    """What goes with these clusters: zones stay apart. Fewest moves and capacities are built in."""
    constraints = {"spread": {"by": "zone", "max": 1}}
    return [
        {
            "version": "1.0",
            "name": "zone-spread",
            "description": "No two replicas of a shard share a zone",
            "type": "placement",
            "priority": 1,
            "enforcement": "required",
            "actions": {"placement": {"constraints": constraints}},
        }
    ]


def options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Write a skewed cluster as a snapshot.")
    parser.add_argument("--shards", type=int, required=True)
    parser.add_argument("--replicas", type=int, required=True)
    parser.add_argument("--nodes", type=int, required=True)
    parser.add_argument("--zones", type=int, required=True)
    parser.add_argument("--loads", choices=("unit", "lognormal"), default="lognormal")
    parser.add_argument("--seed", type=int, required=True)
    parser.add_argument("--output", type=Path, required=True, help="the snapshot")
    parser.add_argument("--policies", type=Path, help="where to write the policies that go with it")
    given = parser.parse_args()
    if not 1 <= given.replicas <= given.zones <= given.nodes or given.shards < 1:
        parser.error("needs at least one shard and 1 <= replicas <= zones <= nodes")
    return given


def main() -> None:
    given = options()
    made = generate(given.shards, given.replicas, given.nodes, given.zones, given.loads, given.seed)
    name = f"generated-{given.loads}-{given.shards}x{given.replicas}-on-{given.nodes}-seed-{given.seed}"
    given.output.write_bytes(orjson.dumps(snapshot(made, name)))
    if given.policies:
        given.policies.write_bytes(orjson.dumps(policies(), option=orjson.OPT_INDENT_2))
    print(f"{made.overloaded:.1%} of the nodes are overloaded", file=sys.stderr)
    if (made.load.max(axis=0) > made.capacity).any():
        print("warning: some shard is larger than any node", file=sys.stderr)


if __name__ == "__main__":
    main()
