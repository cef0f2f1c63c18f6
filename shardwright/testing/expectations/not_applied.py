"""Which policies take no part."""

from __future__ import annotations

from collections.abc import Iterator

from shardwright.testing.models import Expect
from shardwright.testing.outcome import Outcome
from shardwright.testing.spot import Spot, Unmet


def not_applied(outcome: Outcome, expect: Expect, spot: Spot) -> Iterator[Unmet]:
    """`not_applied`: exactly these."""
    if expect.not_applied is None:
        return
    left_out = {item.policy: item.why for item in outcome.program.on(outcome.cluster).not_applied}
    here = spot.at("not_applied")
    for at, name in enumerate(expect.not_applied):
        if name not in left_out:
            yield Unmet(here.item(at).place, f"`{name}` not to be applied", "it is")
    for name, why in left_out.items():
        if name not in expect.not_applied:
            yield Unmet(here.place, f"`{name}` to be applied", "it is not", (why,))
