"""The nodes by region and zone: the first topology labels of the snapshot."""

from __future__ import annotations

from dataclasses import dataclass

from shardwright.cluster.cluster import Cluster

# A region and its zones are as deep as a reader wants the map; racks stay out of it.
DEPTH = 2


@dataclass(frozen=True)
class Site:
    """Nodes that stand together; `name` reads `us-west / a`, "" without a topology."""

    name: str
    rows: tuple[int, ...]


def sites(cluster: Cluster, depth: int = DEPTH) -> list[Site]:
    """Every node in one site, sites by name, nodes by id."""
    rows_of: dict[tuple[str, ...], list[int]] = {}
    for row in range(len(cluster.nodes.ids)):
        rows_of.setdefault(_where(cluster, row, depth), []).append(row)
    return [Site(_name(where), tuple(rows)) for where, rows in sorted(rows_of.items())]


def _name(where: tuple[str, ...]) -> str:
    """`us-west / a`; a region that its zone's name begins with need not be said twice."""
    parts = [part for part, inner in zip(where, (*where[1:], ""), strict=False) if not inner.startswith(part)]
    return " / ".join(parts)


def _where(cluster: Cluster, row: int, depth: int) -> tuple[str, ...]:
    return tuple(_label(cluster, row, key) for key in cluster.topology[:depth])


def _label(cluster: Cluster, row: int, key: str) -> str:
    column = cluster.nodes.labels.get(key)
    code = -1 if column is None else int(column.codes[row])
    return f"no {key}" if column is None or code < 0 else column.values[code]
