"""The snapshot document, key by key. Only ids are required; everything else has a default.

Numbers: loads, capacities and `safe` in the unit of their resource, percent metrics 0-100 (not enforced).
"""

from __future__ import annotations

from math import nan
from sys import float_info
from typing import Annotated, Literal

from msgspec import Meta, Struct, field

# The bounds also keep NaN and the infinities out, which `cluster_from` could bring.
Count = Annotated[int, Meta(ge=0, le=1_000_000)]  # as in policies
Amount = Annotated[float, Meta(ge=0, le=float_info.max)]
Number = Annotated[float, Meta(ge=-float_info.max, le=float_info.max)]
Scalar = str | int | float | bool
State = Literal["active", "draining", "maintenance", "down"]

STATES: tuple[str, ...] = ("active", "draining", "maintenance", "down")


class Resource(Struct, forbid_unknown_fields=True, gc=False):
    """`transient`: a move holds it on the source and on the target until it ends."""

    unit: str = ""
    transient: bool = False


class NodeRow(Struct, forbid_unknown_fields=True, gc=False):
    id: str
    labels: dict[str, Scalar] = {}
    capacity: dict[str, Amount] = {}
    safe: dict[str, Amount] = {}
    metrics: dict[str, Number] = {}
    cost_per_hour: Amount = nan  # not given
    state: State = "active"


class ReplicaRow(Struct, forbid_unknown_fields=True, gc=False):
    node: str
    role: str = ""


class ShardRow(Struct, forbid_unknown_fields=True, gc=False):
    id: str
    group: str | None = None
    labels: dict[str, Scalar] = {}
    replicas: Count = 1
    load: dict[str, Amount] = {}
    metrics: dict[str, Number] = {}
    move_cost: Amount = 1.0
    placement: list[ReplicaRow] = []


class LinkRow(Struct, forbid_unknown_fields=True, gc=False):
    """Between two values of topology labels; unknown places do no harm."""

    source: str = field(name="from")
    target: str = field(name="to")
    latency_ms: Amount | None = None
    cost_per_gb: Amount | None = None


class Head(Struct, forbid_unknown_fields=True):
    """Everything but the nodes and shards: the first line of a JSON Lines snapshot."""

    version: str = "1.0"
    name: str = ""
    taken_at: str | None = None
    resources: dict[str, Resource] | None = None
    topology: list[str] | None = None
    links: list[LinkRow] = []
    metrics: dict[str, Number | str] = {}


class Snapshot(Head, forbid_unknown_fields=True):
    nodes: list[NodeRow] = []
    shards: list[ShardRow] = []


class Line(Struct, forbid_unknown_fields=True, gc=False):
    """A later line of a JSON Lines snapshot: one of the two."""

    node: NodeRow | None = None
    shard: ShardRow | None = None
