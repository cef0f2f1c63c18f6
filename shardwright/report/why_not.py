"""Why a shard is not on a node, for people."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from shardwright.report.causes import diagnostic
from shardwright.report.diagnostics import rendered
from shardwright.report.moves import moves_section
from shardwright.report.sections import indented, spaced
from shardwright.report.why import level_name, origin_in_words, reason_line, rules_section
from shardwright.report.words import count, line, listing, number, quoted
from shardwright.solver.conflicts.answer import Conflicts
from shardwright.solver.result import Move

Document = dict[str, Any]

VERDICTS = {
    "here": ("it is there", "green"),
    "never": ("never, whatever stands elsewhere", "red"),
    "conflict": ("never: no placement that keeps every required rule has it there", "red"),
    "price": ("possible", "yellow"),
    "unknown": ("not decided", "yellow"),
}


def why_not_page(document: Document, conflicts: Conflicts | None) -> RenderableType:
    """The verdict, and what it rests on: reasons, rules that conflict, or the price and the moves."""
    price = document["price"]
    return spaced(
        [
            Group(_headline(document), *_beside(document)),
            _reasons(document),
            *([rendered(diagnostic(one)) for one in conflicts.conflicts] if conflicts is not None else []),
            _price(price) if price is not None else None,
            _moves(price["moves"]) if price is not None else None,
            rules_section(document["reasons"]),
        ]
    )


def _headline(document: Document) -> Text:
    words, style = VERDICTS[document["verdict"]]
    shard, node = quoted(document["shard"]), quoted(document["node"])
    return line((f"shard {shard} on node {node}", "bold"), ": ", (words, style), _cost(document))


def _cost(document: Document) -> str:
    """What matters most, and how many others move."""
    if document["verdict"] == "unknown":
        return f": stopped by {listing(map(quoted, document['limits']))}" if document["limits"] else ""
    price = document["price"]
    if price is None:
        return ""
    first = next((level for level in price["levels"] if level["difference"] or is_open(level)), None)
    costs = "at no cost" if first is None else f"at {_range(first)} for {_level(first)}"
    others = sum(move["shard"] != document["shard"] for move in price["moves"])
    return f" {costs}; {count(others, 'other move')}"


def is_open(level: Document) -> bool:
    """Whether a placement with the replica there may cost less than the one that was found."""
    return bool(level["bound"] < level["there"])


def _range(level: Document) -> str:
    if not is_open(level):
        return _signed(level["difference"])
    return f"{_signed(level['bound'] - level['now'])} to {_signed(level['difference'])}"


def _beside(document: Document) -> list[RenderableType]:
    if document["verdict"] == "never":
        return []
    price = document["price"]
    unproven = f" ({_unproven(price)})" if price is not None and not price["proven"] else ""
    questioned = origin_in_words(document).removeprefix("in ")
    return [line((f"{'beside' if price is not None else 'in'} {questioned}{unproven}", "dim"))]


def _unproven(price: Document) -> str:
    """What is not known: whether it costs less there, or only whether what is questioned is the best."""
    if any(map(is_open, price["levels"])):
        return "not proven to be the least"
    return "the cost there is proven to be the least, the cost now is not"


def _reasons(document: Document) -> RenderableType | None:
    reasons = document["reasons"]
    if not reasons:
        return None
    titles = {"here": "Why it is there", "never": "Why"}
    title = titles.get(document["verdict"], "If nothing else moved")
    return Group(line((title, "bold")), *(Padding(reason_line(reason), (0, 0, 0, 2)) for reason in reasons))


def _price(price: Document) -> RenderableType:
    levels = [level for level in price["levels"] if level["now"] or level["there"]]
    if not levels:
        return line(("Price", "bold"), ": none, no level costs anything")
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="dim")
    for heading in ("  level", "policy", "goal"):
        table.add_column(heading)
    headings = ("now", "there", "difference", *(("at least",) if any(map(is_open, levels)) else ()))
    for heading in headings:
        table.add_column(heading, justify="right", no_wrap=True)
    before = None  # the first level that is open: what comes after it is told for the same costs only
    for level in levels:
        least = _signed(level["bound"] - level["now"]) if before is None else ""
        before = level if before is None and is_open(level) else before
        cells = [number(level["now"]), number(level["there"]), _signed(level["difference"]), least]
        table.add_row(
            indented(line(level_name(level["block"], level["priority"])), 2),
            line(level["policy"]),
            line(level["goal"]),
            *map(line, cells[: len(headings)]),
        )
    return Group(line(("Price", "bold"), ", most important level first"), table)


def _level(level: Document) -> str:
    return level_name(level["block"], level["priority"])


def _signed(difference: int) -> str:
    return f"{'+' if difference > 0 else ''}{number(difference)}"


def _moves(moves: Sequence[Document]) -> RenderableType | None:
    """From the placement in question."""
    return moves_section([Move(move["shard"], move["from"], move["to"]) for move in moves])
