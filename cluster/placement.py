"""A placement from outside: a result, or {"placement": {shard: [{"node": ..., "role": ...} or "node"]}}."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

import msgspec

from shardwright.cluster import codes
from shardwright.cluster.cluster import Cluster, IntArray
from shardwright.cluster.facts import note_unknown_node
from shardwright.cluster.faults import Faults
from shardwright.cluster.load import printed, row_numbers
from shardwright.cluster.reading import convert, decode, read_bytes, text_of
from shardwright.cluster.settling import build_settled
from shardwright.cluster.snapshot import ReplicaRow
from shardwright.grammar.places import Source
from shardwright.grammar.tree import pointer

Replicas = dict[str, list[ReplicaRow | str]]


class PlacementFile(msgspec.Struct):
    """What is read of a result; its other keys do not matter here."""

    placement: Replicas


class Placed(NamedTuple):
    """One row per replica, sorted by shard, node and role; `role` indexes `roles`."""

    shard: IntArray
    node: IntArray
    role: IntArray
    roles: tuple[str, ...]


def load_placement(given: str | Path | Mapping[str, Any], cluster: Cluster) -> Placed:
    """The rows of a placement on the shards and nodes of a cluster; shards left out have no replicas.

    Raises DiagnosticError for a wrong shape and for shards and nodes that the cluster does not have.
    """
    if isinstance(given, Mapping):
        document = dict(given)
        source = partial(printed, document, "<placement>")
        return _placed(convert(document, PlacementFile, source), cluster, source)
    data = read_bytes(Path(given))
    name = str(given)
    return _placed(decode(data, PlacementFile, name), cluster, lambda: Source(name, text_of(data, name)))


def named(placed: Placed, cluster: Cluster) -> dict[str, list[dict[str, str]]]:
    """The rows of a placement under the names of the cluster's shards and nodes."""
    placement: dict[str, list[dict[str, str]]] = {shard: [] for shard in cluster.shards.ids}
    for shard, node, role in zip(placed.shard, placed.node, placed.role, strict=True):
        replica = {"node": cluster.nodes.ids[node], "role": placed.roles[role]}
        placement[cluster.shards.ids[shard]].append(replica)
    return placement


def _placed(file: PlacementFile, cluster: Cluster, source: Callable[[], Source]) -> Placed:
    faults = Faults()
    _check_shards(file.placement, cluster, faults)
    _check_nodes(file.placement, cluster, faults)
    if faults.total:
        faults.raise_if_any(source())
    replicas = [[_replica(item) for item in file.placement.get(shard, [])] for shard in cluster.shards.ids]
    settled = build_settled(replicas, row_numbers(cluster.nodes.ids))
    return Placed(settled.shard, settled.node, settled.role, settled.roles)


def _replica(item: ReplicaRow | str) -> ReplicaRow:
    return ReplicaRow(item) if isinstance(item, str) else item


def _check_shards(placement: Replicas, cluster: Cluster, faults: Faults) -> None:
    known = set(cluster.shards.ids)
    for shard in (shard for shard in placement if shard not in known):
        faults.add(
            codes.UNKNOWN_SHARD,
            pointer("placement", shard),
            f"`{shard}` is not a shard of the snapshot",
            on_key=True,
            word=shard,
            among=known,
        )


def _check_nodes(placement: Replicas, cluster: Cluster, faults: Faults) -> None:
    known = set(cluster.nodes.ids)
    for shard, replicas in placement.items():
        for at, item in enumerate(replicas):
            node, rest = (item, ()) if isinstance(item, str) else (item.node, ("node",))
            if node not in known:
                note_unknown_node(node, pointer("placement", shard, at, *rest), shard, known, faults)
