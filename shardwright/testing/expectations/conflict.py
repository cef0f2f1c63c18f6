"""Between whom a conflict is."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from shardwright.policies.lower import built_in_rules
from shardwright.testing.expectations.words import names
from shardwright.testing.models import Expect
from shardwright.testing.outcome import Outcome
from shardwright.testing.spot import Spot, Unmet

BUILT_IN = frozenset(rule.owner for rule in built_in_rules())


def conflict(outcome: Outcome, expect: Expect, spot: Spot) -> Iterator[Unmet]:
    """`conflict`: one is between exactly these. `conflicts`: these are all that there are."""
    if outcome.result is None or outcome.result.status != "conflict":
        return
    found = [frozenset(cause.policy for cause in item.causes) for item in outcome.result.conflicts]
    if expect.conflict is not None and not _is_among(expect.conflict, found):
        yield Unmet(spot.at("conflict").place, f"a conflict between {names(expect.conflict)}", _all(found))
    for at, wanted in enumerate(expect.conflicts or ()):
        if not _is_among(wanted, found):
            place = spot.at("conflicts", at).place
            yield Unmet(place, f"a conflict between {names(wanted)}", _all(found))
    if expect.conflicts is not None:
        for parties in found:
            if not any(_same(wanted, parties) for wanted in expect.conflicts):
                actual = f"there is one between {names(sorted(parties))}, too"
                yield Unmet(spot.at("conflicts").place, "no other conflict", actual)


def _is_among(wanted: Collection[str], found: Collection[frozenset[str]]) -> bool:
    return any(_same(wanted, parties) for parties in found)


def _same(wanted: Collection[str], parties: frozenset[str]) -> bool:
    """Built-in rules that take part need not be named."""
    return set(wanted) <= parties and parties - set(wanted) <= BUILT_IN


def _all(found: list[frozenset[str]]) -> str:
    between = "; ".join(names(sorted(parties)) for parties in found)
    return f"the conflict is between {between}" if between else "its parties were not found in time"
