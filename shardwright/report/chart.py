"""The rows of the map: a site, a node, a bar for each resource beside how full it was."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from rich.table import Table
from rich.text import Text

from shardwright.cluster.cluster import Cluster
from shardwright.report.bars import cell, number_cell
from shardwright.report.groups import Site
from shardwright.report.usage import Usage, shares
from shardwright.report.words import count, line, number


@dataclass(frozen=True)
class Chart:
    """What the rows are drawn from; `shown` are the columns of resources that there is room for."""

    cluster: Cluster
    usage: Usage
    shown: list[int]
    bar_width: int


def empty_table(chart: Chart) -> Table:
    """The columns without rows."""
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="dim")
    table.add_column(_corner(chart), no_wrap=True)
    for column in chart.shown:
        table.add_column(line(chart.cluster.resources[column]), no_wrap=True)
    table.add_column("replicas", no_wrap=True)
    return table


def _corner(chart: Chart) -> Text:
    """No wider than the names below it: what it took would be missing where the figures are."""
    total = len(chart.cluster.resources)
    return line("" if total == len(chart.shown) else f"the {len(chart.shown)} fullest of {total}")


def site_row(table: Table, chart: Chart, site: Site) -> None:
    """A site's name, its size, and its nodes' loads together, without a bar."""
    name = line((site.name, "bold"), f"  {count(len(site.rows), 'node')}")
    table.add_row(name, *_cells(chart, list(site.rows), number_cell), _replicas(chart, list(site.rows)))


def node_row(table: Table, chart: Chart, row: int, prefix: str = "") -> None:
    """A node's name, its state unless active, a bar for each resource, its replicas."""
    name = line("  ", (prefix, "dim"), chart.cluster.nodes.ids[row], (_state(chart.cluster, row), "yellow"))
    table.add_row(name, *_cells(chart, [row], cell), _replicas(chart, [row]))


def _cells(chart: Chart, rows: list[int], draw: Callable[[float, float, int], Text]) -> list[Text]:
    capacity = chart.cluster.nodes.capacity[rows].sum(axis=0)
    now = shares(chart.usage.load[rows].sum(axis=0), capacity)
    was = shares(chart.usage.was[rows].sum(axis=0), capacity)
    return [draw(float(now[column]), float(was[column]), chart.bar_width) for column in chart.shown]


def _state(cluster: Cluster, row: int) -> str:
    column = cluster.nodes.state
    state = column.values[int(column.codes[row])]
    return "" if state == "active" else f" {state}"


def _replicas(chart: Chart, rows: list[int]) -> Text:
    now, had = int(chart.usage.replicas[rows].sum()), int(chart.usage.had[rows].sum())
    return line(number(now), (f" was {number(had)}" if now != had else "", "dim"))
