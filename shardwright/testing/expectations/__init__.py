"""What stories may expect: one module for each kind, each with functions that tell what does not hold."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from shardwright.testing.expectations.conflict import conflict
from shardwright.testing.expectations.cost import cost
from shardwright.testing.expectations.decisive import decisive
from shardwright.testing.expectations.gave_up import gave_up
from shardwright.testing.expectations.moves import moves
from shardwright.testing.expectations.nodes import nodes
from shardwright.testing.expectations.not_applied import not_applied
from shardwright.testing.expectations.optima import optima
from shardwright.testing.expectations.placed import each, placed
from shardwright.testing.expectations.status import broken, status
from shardwright.testing.models import Expect
from shardwright.testing.outcome import Outcome
from shardwright.testing.spot import Spot, Unmet

Check = Callable[[Outcome, Expect, Spot], Iterator[Unmet]]

# In the order in which a reader wants to know.
CHECKS: tuple[Check, ...] = (
    status,
    broken,
    conflict,
    placed,
    each,
    optima,
    nodes,
    moves,
    cost,
    gave_up,
    not_applied,
    decisive,
)


def unmet(outcome: Outcome) -> list[Unmet]:
    """Every expectation of the story that does not hold."""
    expect = outcome.story.model.expect
    spot = Spot(outcome.story.tree.find("/expect"))
    return [item for check in CHECKS for item in check(outcome, expect, spot)]
