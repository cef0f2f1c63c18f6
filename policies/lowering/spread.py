"""`spread`, wherever it stands: each of its limits is a rule."""

from __future__ import annotations

from collections.abc import Iterator

from shardwright.grammar.rules import Spread as SpreadRule
from shardwright.policies.lowering.stated import Stated
from shardwright.policies.models import Spread
from shardwright.policies.pointers import item_pointer
from shardwright.policies.policy import Policy

LIMITS = ("max", "min_values", "max_skew")


def lower_spread(policy: Policy, base: str, spreads: tuple[Spread, ...]) -> Iterator[Stated]:
    for at, spread in enumerate(spreads):
        place = item_pointer(policy, base, at)
        for limit in LIMITS:
            amount = getattr(spread, limit)
            if amount is not None:
                yield Stated(f"{place}/{limit}", SpreadRule(spread.by, limit, amount))
