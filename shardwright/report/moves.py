"""What has to be moved, by source and target."""

from __future__ import annotations

from collections.abc import Iterable

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from shardwright.report.words import count, line, listing, some
from shardwright.solver.result import Move

# More moves than this are counted by node instead of listed.
MOST_MOVES = 30
MOST_ROUTES = 10

Route = tuple[str, str]


def moves_section(moves: list[Move]) -> RenderableType | None:
    """None where nothing moves: the headline has said so."""
    if not moves:
        return None
    routes = _routes(moves)
    if len(moves) <= MOST_MOVES:
        return Group(_title(moves), _table(routes, len(moves)))
    busiest = dict(sorted(routes.items(), key=lambda item: (-len(item[1]), item[0]))[:MOST_ROUTES])
    return Group(_title(moves), _table(busiest, 4), *_rest(moves, routes, busiest))


def _title(moves: list[Move]) -> Text:
    """`Moves: 9 (7 from node to node, 1 new, 1 dropped)`."""
    new = sum(move.source is None for move in moves)
    dropped = sum(move.target is None for move in moves)
    kinds = {"from node to node": len(moves) - new - dropped, "new": new, "dropped": dropped}
    told = listing(f"{number} {kind}" for kind, number in kinds.items() if number)
    return line(("Moves", "bold"), f": {len(moves):,} ({told})")


def _routes(moves: Iterable[Move]) -> dict[Route, list[str]]:
    """Shards by (source, target), in that order; "" for outside."""
    routes: dict[Route, list[str]] = {}
    for move in moves:
        routes.setdefault((move.source or "", move.target or ""), []).append(move.shard)
    return {route: sorted(routes[route]) for route in sorted(routes)}


def _table(routes: dict[Route, list[str]], limit: int) -> Table:
    table = Table(box=None, pad_edge=False, padding=(0, 1, 0, 0), show_header=False)
    table.add_column(no_wrap=True)
    table.add_column(no_wrap=True)
    table.add_column(overflow="fold")
    for (source, target), shards in routes.items():
        names = f" {some(shards, limit)}"
        table.add_row(line("  ", source or "new"), line("→ ", target or "dropped"), line(names))
    return table


def _rest(moves: list[Move], routes: dict[Route, list[str]], shown: dict[Route, list[str]]) -> list[Text]:
    hidden = len(moves) - sum(len(shards) for shards in shown.values())
    routes_hidden = count(len(routes) - len(shown), "other route")
    more = [line(f"  and {count(hidden, 'move')} on {routes_hidden}")] if hidden else []
    return [*more, line("  all of them: `--output FILE` or `--format json`, under `moves`")]
