"""What the policies name and the cluster does not have: the usual cause of an odd answer."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from shardwright.api import Program
    from shardwright.cluster.cluster import Cluster


def remark(program: Program, cluster: Cluster) -> None:
    """On stderr, whatever the answer's format; before the answer, which may take a while."""
    from shardwright.policies.checks.carried import unknown_names
    from shardwright.policies.load import in_order
    from shardwright.report.diagnostics import show

    remarks = in_order(unknown_names(program.on(cluster).policies, cluster))
    if remarks:
        show(remarks, "human")
