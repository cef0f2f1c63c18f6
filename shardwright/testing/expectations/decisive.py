"""Which policies matter to the answer, and which do not."""

from __future__ import annotations

from collections.abc import Iterator

from shardwright.grammar.diagnostics import Span
from shardwright.testing.decisive import Deciding, Open
from shardwright.testing.models import Expect
from shardwright.testing.outcome import Outcome
from shardwright.testing.spot import Spot, Unmet


def decisive(outcome: Outcome, expect: Expect, spot: Spot) -> Iterator[Unmet]:
    """`decisive`, `not_decisive`: whether anything would be different without these policies."""
    deciding = Deciding(outcome, outcome.answers)
    for key, names in (("decisive", expect.decisive), ("not_decisive", expect.not_decisive)):
        for at, name in enumerate(names):
            found = _unmet(deciding, name, spot.at(key).item(at), key == "decisive")
            if found is not None:
                yield found


def _unmet(deciding: Deciding, name: str, here: Spot, expected: bool) -> Unmet | None:
    found = deciding.look(name)
    policy = next(one for one in deciding.outcome.program.policies if one.name == name)
    spans = (Span(policy.place("/name"), "the policy", False),)
    if isinstance(found, Open):
        return Unmet(here.place, f"to know whether `{name}` is decisive", found.why, others=spans)
    if expected == (found is not None):
        return None
    if found is not None:
        return Unmet(here.place, f"`{name}` not to be decisive", "it is", (found,), spans)
    actual = "the answer is the same without it"
    return Unmet(here.place, f"`{name}` to be decisive", actual, _why_not(deciding, name), spans)


def _why_not(deciding: Deciding, name: str) -> tuple[str, ...]:
    outcome = deciding.outcome
    left_out = outcome.program.on(outcome.cluster).not_applied
    told = [f"it is not applied: {item.why}" for item in left_out if item.policy == name]
    if not told and not deciding.speaks(name):
        told = ["it speaks about no shard of this cluster"]
    return tuple(told)
