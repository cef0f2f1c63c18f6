"""How many replicas move."""

from __future__ import annotations

from collections.abc import Iterator

from shardwright.testing.expectations.words import count, within
from shardwright.testing.models import Expect
from shardwright.testing.outcome import Outcome
from shardwright.testing.spot import Spot, Unmet

SHOWN = 5


def moves(outcome: Outcome, expect: Expect, spot: Spot) -> Iterator[Unmet]:
    """`moves`: replicas from node to node, new ones and dropped ones, as `solve` counts them."""
    if outcome.placement is None or expect.moves is None or within(expect.moves, len(outcome.moves)):
        return
    told = [f"`{move.shard}`: {move.source or 'new'} → {move.target or 'dropped'}" for move in outcome.moves]
    more = [f"and {len(told) - SHOWN} more"] if len(told) > SHOWN else []
    actual = "there is 1" if len(told) == 1 else f"there are {len(told) or 'none'}"
    yield Unmet(spot.at("moves").place, count(expect.moves, "move"), actual, (*told[:SHOWN], *more))
