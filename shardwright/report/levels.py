"""What the answer costs at each level, and what no answer can go below."""

from __future__ import annotations

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from shardwright.report.words import line, number
from shardwright.solver.result import Level

BLOCKS = {1: "rules", 2: "goals", 3: "settled replicas", 4: "preferences"}


def levels_section(levels: list[Level], bounds: bool = True) -> RenderableType | None:
    """A row for each level, most important first; without bounds where nobody looked for better ones."""
    if not levels:
        return None
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="dim")
    for heading in ("  level", "policy", "goal"):
        table.add_column(heading)
    for heading in ("cost", "bound") if bounds else ("cost",):
        table.add_column(heading, justify="right", no_wrap=True)
    if bounds:
        table.add_column("proven best", no_wrap=True)
    for level in levels:
        table.add_row(*_cells(level), *(_bound(level) if bounds else ()))
    return Group(line(("Levels", "bold"), ", most important first"), table)


def _cells(level: Level) -> list[Text]:
    name = BLOCKS[level.block] if level.block == 3 else f"{BLOCKS[level.block]}, priority {level.priority}"
    return [line("  ", name), line(level.policy), line(level.goal), line(number(level.cost))]


def _bound(level: Level) -> list[Text]:
    return [line(number(level.bound)), _proven(level)]


def _proven(level: Level) -> Text:
    if level.cost <= level.bound:
        return line(("yes", "green"))
    if level.bound <= 0:
        return line(("no", "yellow"))
    return line((f"within {_gap(level.cost, level.bound)}", "yellow"))


def _gap(cost: int, bound: int) -> str:
    """How far the cost can be above the best, in percent of the best; never told as 0."""
    percent = 100 * (cost - bound) / bound
    return f"{percent:.0f} %" if percent >= 10 else f"{max(percent, 0.1):.1f} %"
