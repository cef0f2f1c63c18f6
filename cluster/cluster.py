"""A cluster in columns: what classes, kernels and the certificate read."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

IntArray = NDArray[np.int32]
FloatArray = NDArray[np.float64]


@dataclass(frozen=True)
class TextColumn:
    """Texts as codes: `codes[i]` indexes `values`, -1 where the thing has none. `values` is sorted."""

    codes: IntArray
    values: tuple[str, ...]


@dataclass(frozen=True)
class Things:
    """Nodes or shards: one row each, sorted by id.

    `labels` are TextColumns, `metrics` float arrays with NaN where missing; both keyed by name,
    names sorted.
    """

    ids: tuple[str, ...]
    labels: dict[str, TextColumn]
    metrics: dict[str, FloatArray]


@dataclass(frozen=True)
class Nodes(Things):
    """`capacity` and `safe` have shape (nodes, resources), NaN where not given."""

    state: TextColumn
    capacity: FloatArray
    safe: FloatArray
    cost_per_hour: FloatArray


@dataclass(frozen=True)
class Shards(Things):
    """`load` has shape (shards, resources), 0 where not given. `group` has code -1 without a group."""

    group: TextColumn
    replicas: IntArray
    load: FloatArray
    move_cost: FloatArray


@dataclass(frozen=True)
class Link:
    source: str
    target: str
    latency_ms: float | None
    cost_per_gb: float | None


@dataclass(frozen=True)
class Settled:
    """The snapshot's own placement, one row per replica, sorted by shard, node and role.

    `shard` and `node` are row numbers; `role` indexes ("", "leader", "follower", ...) in `roles`.
    """

    shard: IntArray
    node: IntArray
    role: IntArray
    roles: tuple[str, ...]


@dataclass(frozen=True)
class Cluster:
    """A snapshot, validated and in columns. `hash` is over its canonical content.

    `node_places` and `shard_places` are the places of the rows in the document's own lists; empty where they
    are not known.
    """

    name: str
    taken_at: str | None
    resources: tuple[str, ...]
    units: tuple[str, ...]
    transient: tuple[bool, ...]
    topology: tuple[str, ...]
    nodes: Nodes
    shards: Shards
    settled: Settled
    links: tuple[Link, ...]
    metrics: dict[str, float | str]
    hash: str
    node_places: tuple[int, ...] = field(default=(), compare=False)
    shard_places: tuple[int, ...] = field(default=(), compare=False)
