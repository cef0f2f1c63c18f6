"""The cluster as it will be: sites, nodes, and how full each is beside how full it was."""

from __future__ import annotations

import numpy as np
from rich.console import RenderableType
from rich.table import Table

from shardwright.cluster.cluster import Cluster
from shardwright.report.chart import Chart, empty_table, node_row, site_row
from shardwright.report.groups import sites
from shardwright.report.summary import summary_rows
from shardwright.report.usage import Loads, shares, usage
from shardwright.solver.result import Placement

# Above this, a reader looks at sites and extremes instead of nodes.
MOST_NODES = 40
# The widest map that still fits a terminal shows this many resources, the fullest ones.
MOST_RESOURCES = 4


def load_map(cluster: Cluster, placement: Placement) -> RenderableType:
    """The map of a placement: every node, or sites and their extremes where there are many."""
    used = usage(cluster, placement)
    chart = Chart(cluster, used, fullest(shares(used.load, cluster.nodes.capacity)))
    table = empty_table(chart)
    if len(cluster.nodes.ids) > MOST_NODES:
        summary_rows(table, chart)
    else:
        _node_rows(table, chart)
    return table


def fullest(filled: Loads) -> list[int]:
    """The resources to show, in their own order: all, or those with the fullest nodes."""
    if filled.shape[1] <= MOST_RESOURCES or not len(filled):
        return list(range(filled.shape[1]))
    peaks = np.nan_to_num(filled, nan=-1.0).max(axis=0)
    return sorted(int(column) for column in np.argsort(-peaks, kind="stable")[:MOST_RESOURCES])


def _node_rows(table: Table, chart: Chart) -> None:
    for site in sites(chart.cluster):
        if site.name:
            site_row(table, chart, site)
        for row in site.rows:
            node_row(table, chart, row)
