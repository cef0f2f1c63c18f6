"""A placement in columns."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from shardwright.cluster.building import code_column, role_names
from shardwright.cluster.cluster import IntArray, Settled
from shardwright.cluster.snapshot import ReplicaRow


def build_settled(replicas: Sequence[Sequence[ReplicaRow]], node_rows: dict[str, int]) -> Settled:
    """One row per replica of shard row 0, 1, ...; within a shard by node and role.

    A node that nobody knows has row -1.
    """
    counts = np.fromiter((len(some) for some in replicas), dtype=np.int64, count=len(replicas))
    flat = [replica for some in replicas for replica in some]
    roles = role_names(replica.role for replica in flat)
    role_codes = {role: at for at, role in enumerate(roles)}
    return sort_settled(
        np.repeat(np.arange(len(replicas), dtype=np.int32), counts),
        code_column([replica.node for replica in flat], lambda node: node_rows.get(node, -1)),
        code_column([replica.role for replica in flat], role_codes.__getitem__),
        roles,
    )


def sort_settled(shard: IntArray, node: IntArray, role: IntArray, roles: tuple[str, ...]) -> Settled:
    """The rows in their one order: a placement is a set, however it was written down."""
    order = np.lexsort((role, node, shard))
    return Settled(shard[order], node[order], role[order], roles)
