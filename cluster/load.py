"""From a snapshot, as a file or as Python data, to a Cluster."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

from shardwright.cluster import codes
from shardwright.cluster.building import build_nodes, build_shards, names_in, row_order
from shardwright.cluster.cluster import Cluster, Link, Nodes
from shardwright.cluster.facts import check_facts
from shardwright.cluster.faults import Faults, Locator, locate_whole
from shardwright.cluster.fingerprint import fingerprint
from shardwright.cluster.lines import decode_lines, locate_lines
from shardwright.cluster.reading import convert, decode, read_bytes, refuse, text_of
from shardwright.cluster.settling import build_settled
from shardwright.cluster.snapshot import Resource, Snapshot
from shardwright.grammar.places import Source

# The topology of a snapshot that does not give one: those of these labels that its nodes carry.
TOPOLOGY = ("region", "zone", "rack")

# How a source is made where there are faults to place in it.
MakeSource = Callable[[], Source]


def load_cluster(path: str | Path) -> Cluster:
    """Read a snapshot file: JSON, or JSON Lines where the name ends in .jsonl or .ndjson.

    Raises DiagnosticError with every fault in the file's shape or, where that is right, in what it says.
    """
    name = str(path)
    _refuse_parquet(name)
    return read_cluster(read_bytes(Path(path)), name)


def _refuse_parquet(name: str) -> None:
    if Path(name).suffix == ".parquet":
        refuse(codes.UNREADABLE, f"`{name}`: Parquet is not read yet; write JSON or JSON Lines", name)


def read_cluster(data: bytes, name: str) -> Cluster:
    """The snapshot in the bytes of a file; the name's ending says whether they are JSON Lines."""
    _refuse_parquet(name)
    if Path(name).suffix in (".jsonl", ".ndjson"):
        return _cluster(decode_lines(data, name), lambda: Source(name, text_of(data, name)), locate_lines)
    return _cluster(decode(data, Snapshot, name), lambda: Source(name, text_of(data, name)))


def cluster_from(document: Mapping[str, Any]) -> Cluster:
    """Build a cluster from a snapshot as plain Python data. Raises like `load_cluster`."""
    source = partial(printed, dict(document))
    return _cluster(convert(dict(document), Snapshot, source), source)


def printed(document: object, name: str = "<snapshot>") -> Source:
    """Plain data as a source, so that faults in it have lines to point at."""
    try:
        return Source(name, json.dumps(document, indent=2, ensure_ascii=False))
    except (TypeError, ValueError, RecursionError):
        return Source(name, "")


def _cluster(snapshot: Snapshot, source: MakeSource, locator: Locator = locate_whole) -> Cluster:
    resources = _resources(snapshot)
    faults = Faults()
    check_facts(snapshot, tuple(resources), faults)
    if faults.total:
        faults.raise_if_any(source(), locator)
    return _build(snapshot, resources)


def _resources(snapshot: Snapshot) -> dict[str, Resource]:
    """The declared resources by name; without a declaration those that appear."""
    if snapshot.resources is not None:
        return dict(sorted(snapshot.resources.items()))
    tables = [table for node in snapshot.nodes for table in (node.capacity, node.safe)]
    return {name: Resource() for name in names_in([*tables, *(shard.load for shard in snapshot.shards)])}


def _build(snapshot: Snapshot, resources: dict[str, Resource]) -> Cluster:
    places = row_order(snapshot.nodes)
    nodes = build_nodes([snapshot.nodes[at] for at in places], tuple(resources))
    shard_places = row_order(snapshot.shards)
    rows = [snapshot.shards[at] for at in shard_places]
    cluster = Cluster(
        name=snapshot.name,
        taken_at=snapshot.taken_at,
        resources=tuple(resources),
        units=tuple(resource.unit for resource in resources.values()),
        transient=tuple(resource.transient for resource in resources.values()),
        topology=_topology(snapshot, nodes),
        nodes=nodes,
        shards=build_shards(rows, tuple(resources)),
        settled=build_settled([row.placement for row in rows], row_numbers(nodes.ids)),
        links=_links(snapshot),
        metrics=dict(sorted(snapshot.metrics.items())),
        hash="",
        node_places=tuple(places),
        shard_places=tuple(shard_places),
    )
    return replace(cluster, hash=fingerprint(cluster))


def row_numbers(ids: tuple[str, ...]) -> dict[str, int]:
    return {name: at for at, name in enumerate(ids)}


def _topology(snapshot: Snapshot, nodes: Nodes) -> tuple[str, ...]:
    if snapshot.topology is not None:
        return tuple(snapshot.topology)
    return tuple(key for key in TOPOLOGY if key in nodes.labels)


def _links(snapshot: Snapshot) -> tuple[Link, ...]:
    links = [Link(row.source, row.target, row.latency_ms, row.cost_per_gb) for row in snapshot.links]
    return tuple(sorted(links, key=_link_key))


def _link_key(link: Link) -> tuple[str, str, float, float]:
    """Sorts links; a number that is not given comes first."""
    unknown = -1.0
    latency = unknown if link.latency_ms is None else link.latency_ms
    return link.source, link.target, latency, unknown if link.cost_per_gb is None else link.cost_per_gb
