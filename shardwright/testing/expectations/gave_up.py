"""What yields."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from shardwright.solver.result import GaveUp
from shardwright.testing.expectations.words import between, within
from shardwright.testing.models import Expect, GivenUp
from shardwright.testing.outcome import Outcome
from shardwright.testing.spot import Spot, Unmet
from shardwright.testing.why import policy_spans

SHOWN = 4


def gave_up(outcome: Outcome, expect: Expect, spot: Spot) -> Iterator[Unmet]:
    """`gave_up`: exactly these policies and built-in rules give something up."""
    if expect.gave_up is None or outcome.placement is None:
        return
    here = spot.at("gave_up")
    for at, wanted in enumerate(expect.gave_up):
        yield from _wanted(outcome, wanted, here.item(at))
    named = {wanted.policy for wanted in expect.gave_up}
    for policy in dict.fromkeys(item.policy for item in outcome.gave_up):
        if policy not in named:
            items = [item for item in outcome.gave_up if item.policy == policy]
            spans = policy_spans(outcome, {policy})
            yield Unmet(here.place, f"`{policy}` to hold", "it gives something up", _why(items), spans)


def _wanted(outcome: Outcome, wanted: GivenUp, here: Spot) -> Iterator[Unmet]:
    expected = f"`{wanted.policy}` to give something up"
    items = [item for item in outcome.gave_up if item.policy == wanted.policy]
    if not items:
        yield Unmet(here.place, expected, "it holds")
        return
    if wanted.shard is not None:
        of_others, items = items, [item for item in items if f"shard `{wanted.shard}`" in item.what]
        if not items:
            place = here.at("shard").place
            expected = f"{expected} for `{wanted.shard}`"
            yield Unmet(place, expected, "it does so for other shards", _why(of_others))
            return
    yield from _details(wanted, items, here, expected)


def _details(wanted: GivenUp, items: Sequence[GaveUp], here: Spot, expected: str) -> Iterator[Unmet]:
    total = sum(item.amount for item in items)
    if wanted.amount is not None and not within(wanted.amount, total):
        amount = f"{expected}, {between(wanted.amount)} in all"
        yield Unmet(here.at("amount").place, amount, f"it is {total}", _why(items))
    reasons = {reason for item in items for reason in item.because}
    for at, name in enumerate(wanted.because):
        if not any(reason.startswith(f"`{name}`") for reason in reasons):
            place = here.at("because").item(at).place
            yield Unmet(place, f"{expected} because of `{name}`", "that is not the reason", _why(items))


def _why(items: Sequence[GaveUp]) -> tuple[str, ...]:
    """What is given up, and for the sake of what."""
    told = [item.what for item in items[:SHOWN]]
    more = [f"and {len(items) - SHOWN} more"] if len(items) > SHOWN else []
    because = dict.fromkeys(f"because of {reason}" for item in items for reason in item.because)
    return (*told, *more, *because)
