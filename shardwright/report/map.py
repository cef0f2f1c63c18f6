"""The cluster as it will be: sites, nodes, and how full each is beside how full it was."""

from __future__ import annotations

import numpy as np
from rich.console import RenderableType
from rich.table import Table

from shardwright.cluster.cluster import Cluster
from shardwright.report.bars import NUMBERS
from shardwright.report.chart import Chart, empty_table, node_row, site_row
from shardwright.report.groups import sites
from shardwright.report.summary import summary_rows
from shardwright.report.usage import Loads, shares, usage
from shardwright.solver.result import Placement

# Above this, a reader looks at sites and extremes instead of nodes.
MOST_NODES = 40
WIDEST_BAR, NARROWEST_BAR = 10, 3
# Room for `eu-west-1a  12 nodes`, and for `130 was 120`; more of them is at the expense of gaps.
LEAST_NAME, REPLICAS = 22, 12


def load_map(cluster: Cluster, placement: Placement, width: int = 100) -> RenderableType | None:
    """The map of a placement: every node, or sites and their extremes where there are many."""
    if not cluster.nodes.ids:
        return None
    used = usage(cluster, placement)
    room = width - REPLICAS - max(LEAST_NAME, 10 + max(map(len, cluster.nodes.ids), default=0))
    shown = fullest(shares(used.load, cluster.nodes.capacity), max(room // NUMBERS, 1))
    chart = Chart(cluster, used, shown, bar_width(room, len(shown)))
    table = empty_table(chart)
    if len(cluster.nodes.ids) > MOST_NODES:
        summary_rows(table, chart)
    else:
        _node_rows(table, chart)
    return table


def bar_width(room: int, resources: int) -> int:
    """As wide as there is room for, if that says anything."""
    width = min(room // max(resources, 1) - NUMBERS, WIDEST_BAR)
    return width if width >= NARROWEST_BAR else 0


def fullest(filled: Loads, limit: int) -> list[int]:
    """The resources to show, in their own order: all, or those with the fullest nodes."""
    if filled.shape[1] <= limit or not len(filled):
        return list(range(filled.shape[1]))
    peaks = np.nan_to_num(filled, nan=-1.0).max(axis=0)
    return sorted(int(column) for column in np.argsort(-peaks, kind="stable")[:limit])


def _node_rows(table: Table, chart: Chart) -> None:
    for site in sites(chart.cluster):
        if site.name:
            site_row(table, chart, site)
        for row in site.rows:
            node_row(table, chart, row)
