"""Rules that add nothing for some shards, because others forbid already what they forbid."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from shardwright.grammar.rules import Allow, Leave, Replicas, Spread
from shardwright.solver.patterns.boxes import NOTHING, Box, Region, join, meet, meet_all, without
from shardwright.solver.patterns.compare.cells import (
    Binding,
    is_about_arrivals,
    looks_at_shards,
    may_hold,
    needs_of,
)
from shardwright.solver.patterns.compare.forms import Form, Side
from shardwright.solver.patterns.needs import Count, Least, Most, Need, Nodes
from shardwright.solver.patterns.space import Space

# A limit is broken exactly where its opposite holds, at so much more.
OPPOSITE = {
    "min_values": ("max_values", -1),
    "max_values": ("min_values", 1),
    "least": ("most", -1),
    "most": ("least", 1),
}


class Spare:
    """What the rules of a side make superfluous."""

    def __init__(self, space: Space, side: Side, *, giving_up: bool = False) -> None:
        self.space, self.side = space, side
        self._bindings = [
            Binding(space, side, giving_up=giving_up, arriving=arriving) for arriving in (False, True)
        ]

    def own(self, changed: Sequence[Form]) -> Side:
        """The side; rules that have changed without the shards for which they add nothing.

        One after the other: what a rule is left out for makes no other rule superfluous there.
        """
        spare: dict[int, Region] = {}
        for form in changed:
            if region := join((box,) for box in self._of(form, spare)):
                spare[form.rule.id] = region
        kept = (
            _cut(form, spare[form.rule.id], self.space) if form.rule.id in spare else form
            for form in self.side.forms
        )
        return replace(self.side, forms=tuple(form for form in kept if form is not None))

    def beyond(self, forms: Sequence[Form]) -> list[Form]:
        """Rules of another side, for the shards for which this one does not forbid the same already."""
        kept = (_cut(form, join((box,) for box in self._of(form, {})), self.space) for form in forms)
        return [form for form in kept if form is not None]

    def _of(self, form: Form, left_out: Mapping[int, Region]) -> Iterator[Box]:
        """The kinds of shards for which a rule adds nothing to others."""
        if not form.needs or not isinstance(form.rule.kind, (Allow, Leave, Replicas, Spread)):
            return
        about_arrivals = is_about_arrivals(form)
        for box, near in self._bindings[about_arrivals].kinds(form):
            others = [one for one in near if not meet((box,), left_out.get(one.rule.id, NOTHING))]
            if isinstance(form.rule.kind, Allow) and not about_arrivals:
                # Which values count for a skew is for such rules alone to say.
                others = [one for one in others if not isinstance(one.rule.kind, Leave)]
            theirs = needs_of(others)
            if theirs and all(_follows(self.space, need, theirs) for need in form.needs):
                yield box


def _cut(form: Form, spare: Region, space: Space) -> Form | None:
    """A rule without some of its shards."""
    guard = without(form.guard, spare, space.everything) if spare else form.guard
    return None if not guard else replace(form, guard=guard) if spare else form


def _follows(space: Space, need: Need, others: Sequence[Need]) -> bool:
    """Does a shard that satisfies the others satisfy this one, and would it be no other without it?"""
    match need:
        case Nodes(region=region):
            if looks_at_shards([need]):
                return False
            around = meet_all(one.region for one in others if isinstance(one, Nodes))
            return not without(around, region, space.everything)
        case Least(amount=amount, exact=False):
            stated = any(isinstance(one, Least) and one.amount >= amount for one in others)
            return stated or not may_hold(space, [*others, Most(amount)])
        case Most(amount=amount, exact=False):
            stated = any(isinstance(one, Most) and one.amount <= amount for one in others)
            return stated or not may_hold(space, others, amount)
        case Count(limit="max"):
            return _within(need, others) or not may_hold(space, others, need.amount + 1)
        case Count(slot=slot, limit=limit, amount=amount, atom=atom) if limit in OPPOSITE:
            other, step = OPPOSITE[limit]
            return not may_hold(space, [*others, Count(slot, other, amount + step, atom)])
    return False


def _within(need: Count, others: Sequence[Need]) -> bool:
    """Is there a limit as tight on the same values?"""
    return any(
        isinstance(one, Count) and (one.slot, one.limit) == (need.slot, "max") and one.amount <= need.amount
        for one in others
    )
