"""Shards that required rules leave no placement: a rule changes nothing where nothing is allowed anyway."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from shardwright.grammar.rules import (
    Allow,
    Capacity,
    Cost,
    Headroom,
    Leave,
    Nearness,
    Pack,
    Prefer,
    Replicas,
    Spread,
)
from shardwright.solver.patterns.boxes import NOTHING, Box, Region, join, meet, without
from shardwright.solver.patterns.compare.cells import Binding, may_hold, needs_of
from shardwright.solver.patterns.compare.forms import Everything, Form
from shardwright.solver.patterns.space import Space


@dataclass(frozen=True)
class Cell:
    """Shards that the same rules of one side govern, and for which these leave no node."""

    box: Box
    forms: tuple[Form, ...]


@dataclass(frozen=True)
class Nowhere:
    """`lost`: shards of which no node may hold a replica. `never`: nor may they have none.

    No placement of a shard of `never` is allowed; of one of `lost` only if it asks for no replica.
    """

    lost: Region = NOTHING
    never: Region = NOTHING
    cells: tuple[Cell, ...] = ()

    def without(self, forms: Iterable[Form], everything: Everything) -> Iterator[Form]:
        """What rules still say of placements that are allowed."""
        for form in forms:
            gone = self._silencing(form)
            if not gone or not meet(form.guard, gone):
                yield form
            elif guard := without(form.guard, gone, everything):
                yield replace(form, guard=guard)

    def _silencing(self, form: Form) -> Region:
        if form.by_text or _minds_all(form):
            return NOTHING
        return self.lost if _says_nothing_of_none(form) else self.never

    def meet(self, other: Nowhere) -> Nowhere:
        """Shards without a placement under both."""
        return Nowhere(meet(self.lost, other.lost), meet(self.never, other.never))

    def join(self, other: Nowhere) -> Nowhere:
        return Nowhere(join((self.lost, other.lost)), join((self.never, other.never)))


def _minds_all(form: Form) -> bool:
    """Does a rule weigh shards that its policy does not govern, so that it says something without any?"""
    kind = form.rule.kind
    return isinstance(kind, Headroom) or (isinstance(kind, Capacity) and kind.everyone)


def _says_nothing_of_none(form: Form) -> bool:
    """Is a rule about where replicas stand, so that it is silent about a shard without any?"""
    match form.rule.kind:
        case Allow() | Leave() | Prefer() | Pack() | Cost() | Nearness():
            return True
        case Spread(limit=limit):
            return limit != "min_values"
        case Replicas(key=key, least=least, most=most):
            return not least and (key is not None or bool(most))
    return False


def nowhere(binding: Binding, forms: Iterable[Form]) -> Nowhere:
    """The shards of some rules that the rules of a side leave no placement on any cluster."""
    cells: list[Cell] = []
    never: list[Region] = []
    for form in forms:
        if form.by_text:
            continue
        for box, others in binding.kinds(form):
            mine = [*others, *(one for one in binding.forms if one is form)]
            needs = needs_of(mine)
            if any(cell.box == box for cell in cells) or may_hold(binding.space, needs, 1):
                continue
            cells.append(Cell(box, tuple(mine)))
            if not may_hold(binding.space, needs):
                never.append((box,))
    return Nowhere(join((cell.box,) for cell in cells), join(never), tuple(cells))


def fewest(space: Space, cell: Cell) -> tuple[Form, ...]:
    """A smallest set of the rules of a cell that leaves no node: without any one of them, some will do."""
    kept = list(cell.forms)
    for form in cell.forms:
        rest = [other for other in kept if other is not form]
        if not may_hold(space, needs_of(rest), 1):
            kept = rest
    return tuple(kept)
