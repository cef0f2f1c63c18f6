"""The map of a large cluster: each site with its fullest and its emptiest node."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from rich.table import Table

from shardwright.report.chart import Chart, node_row, site_row
from shardwright.report.groups import Site, sites
from shardwright.report.usage import shares
from shardwright.report.words import count, line

# Sites with their extremes take three rows each; beyond this the zones are added up to regions.
MOST_SITES = 16
# And beyond this only the fullest sites are shown.
MOST_ROWS = 40


def summary_rows(table: Table, chart: Chart) -> None:
    """At most about a screen of rows for a cluster of any size."""
    fill = _fill(chart)
    places = _sites(chart)
    if len(places) <= MOST_SITES:
        for site in places:
            site_row(table, chart, Site(site.name or "all", site.rows))
            _extremes(table, chart, site.rows, fill)
        return
    _fullest_sites(table, chart, places, fill)
    _extremes(table, chart, range(len(fill)), fill)


def _sites(chart: Chart) -> list[Site]:
    zones = sites(chart.cluster)
    return zones if len(zones) <= MOST_SITES else sites(chart.cluster, 1)


def _fullest_sites(table: Table, chart: Chart, places: list[Site], fill: list[float]) -> None:
    peaks = {site.name: max(fill[row] for row in site.rows) for site in places}
    for site in sorted(places, key=lambda site: -peaks[site.name])[:MOST_ROWS]:
        site_row(table, chart, site)
    if len(places) > MOST_ROWS:
        table.add_row(line(f"and {count(len(places) - MOST_ROWS, 'less full site')}"))


def _extremes(table: Table, chart: Chart, rows: Sequence[int], fill: list[float]) -> None:
    order = sorted(rows, key=lambda row: (-fill[row], row))
    node_row(table, chart, order[0], "most  ")
    if len(order) > 1:
        node_row(table, chart, order[-1], "least ")


def _fill(chart: Chart) -> list[float]:
    """How full each node's fullest resource is; its replicas where there is no capacity."""
    filled = shares(chart.usage.load, chart.cluster.nodes.capacity)
    if not filled.size:
        return [float(held) for held in chart.usage.replicas]
    return [float(share) for share in np.nan_to_num(filled, nan=0.0).max(axis=1)]
