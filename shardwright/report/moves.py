"""What has to be moved, by source and target."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from shardwright.report.words import line, listing, number, some
from shardwright.solver.result import Move

# With more lines, or more moves, they are counted by node instead of listed.
MOST_ROUTES, MOST_MOVES = 30, 100
BUSIEST = 8

Route = tuple[str, str]


def moves_section(moves: list[Move]) -> RenderableType | None:
    """None where nothing moves: the headline has said so."""
    if not moves:
        return None
    routes = _routes(moves)
    many = len(moves) > MOST_MOVES or len(routes) > MOST_ROUTES
    return Group(_title(moves), *(_summary(moves) if many else [_table(routes)]))


def _title(moves: list[Move]) -> Text:
    """`Moves: 7 from node to node, 1 new and 1 dropped`."""
    new = sum(move.source is None for move in moves)
    dropped = sum(move.target is None for move in moves)
    kinds = {"from node to node": len(moves) - new - dropped, "new": new, "dropped": dropped}
    told = listing(f"{number(many)} {kind}" for kind, many in kinds.items() if many)
    return line(("Moves", "bold"), f": {told}")


def _routes(moves: Iterable[Move]) -> dict[Route, list[str]]:
    """Shards by (source, target), in that order; "" for outside."""
    routes: dict[Route, list[str]] = {}
    for move in moves:
        routes.setdefault((move.source or "", move.target or ""), []).append(move.shard)
    return {route: sorted(routes[route]) for route in sorted(routes)}


def _table(routes: dict[Route, list[str]]) -> Table:
    table = Table(box=None, pad_edge=False, padding=(0, 1, 0, 0), show_header=False)
    table.add_column(no_wrap=True)
    table.add_column(no_wrap=True)
    table.add_column(overflow="fold")
    for (source, target), shards in routes.items():
        ends = line("  ", source or "new"), line("→ ", target or "dropped")
        table.add_row(*ends, line(" ", ", ".join(shards)))
    return table


def _summary(moves: list[Move]) -> list[RenderableType]:
    counts = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), show_header=False)
    counts.add_column(no_wrap=True)
    counts.add_column(overflow="fold")
    for verb, nodes in (
        ("leave", [move.source for move in moves]),
        ("arrive", [move.target for move in moves]),
    ):
        counts.add_row(f"  {verb}", _busiest([node for node in nodes if node]))
    return [
        counts,
        line("  all of them: `--output FILE` or `--format json`, under `moves`"),
    ]


def _busiest(nodes: list[str]) -> Text:
    """`n12 (5), n13 (4) and 38 more nodes`."""
    counted = sorted(Counter(nodes).items(), key=lambda item: (-item[1], item[0]))
    named = [f"{node} ({number(times)})" for node, times in counted]
    more = len(named) - BUSIEST
    return line(some(named, BUSIEST), " nodes" if more > 1 else " node" if more == 1 else "")
