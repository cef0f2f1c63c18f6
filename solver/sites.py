"""Sites: where a measure is added up. A node is a site; so is a label value over some nodes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np

from shardwright.cluster.cluster import Cluster, IntArray
from shardwright.cluster.columns import BoolArray
from shardwright.grammar.rules import NODE


@dataclass(frozen=True)
class Site:
    """`number` is the node's row for a node; label sites are numbered behind the nodes."""

    number: int
    key: str
    name: str
    nodes: IntArray


@dataclass
class Sites:
    """The sites that rules ask for; equal ones are shared."""

    cluster: Cluster
    spans: dict[tuple[str, str, bytes], Site] = field(default_factory=dict)

    def over(self, key: str, nodes: BoolArray) -> Iterator[Site]:
        """The sites of a key among some nodes, in the order of nodes or values."""
        if key == NODE:
            for row in np.flatnonzero(nodes).tolist():
                yield self.node(row)
            return
        label = self.cluster.nodes.labels.get(key)
        for code, value in enumerate(label.values if label else ()):
            assert label is not None
            members = (label.codes == code) & nodes
            if members.any():
                yield self._span(key, value, members)

    def node(self, row: int) -> Site:
        return Site(row, NODE, self.cluster.nodes.ids[row], np.array([row], dtype=np.int32))

    def _span(self, key: str, value: str, members: BoolArray) -> Site:
        identity = (key, value, members.tobytes())
        if identity not in self.spans:
            number = len(self.cluster.nodes.ids) + len(self.spans)
            self.spans[identity] = Site(number, key, value, np.flatnonzero(members).astype(np.int32))
        return self.spans[identity]
