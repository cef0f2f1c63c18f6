"""The best placements among those that keep a replica on a node."""

from __future__ import annotations

from typing import Any

from tests.reference.book import Book, book_of
from tests.reference.rule import Level
from tests.reference.solve import Enumeration
from tests.reference.world import Placement, world_of

Json = dict[str, Any]
Costs = dict[Level, int]
Priced = tuple[Costs, Placement]


def admissible(policies: list[Json], snapshot: Json, silent: str = "") -> list[Priced]:
    """Every admissible placement with its costs, cheapest first; levels that cost nothing are left out.

    `silent` is a policy that says nothing.
    """
    book = book_of(world_of(policies, snapshot, silent))
    found = sorted(Enumeration(book).admissible(), key=lambda priced: priced[0])
    return [(_costs(book, costs), placement) for costs, placement in found]


def _costs(book: Book, costs: tuple[int, ...]) -> Costs:
    return {level: cost for level, cost in zip(book.levels(), costs, strict=True) if cost}


def least_with(placements: list[Priced], shard: str, node: str) -> Costs | None:
    """The least costs with the replica there; None: no admissible placement has it."""
    return next((costs for costs, placement in placements if node in placement[shard]), None)
