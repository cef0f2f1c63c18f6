"""What rules without an equal may change, as far as their forms tell."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from shardwright.grammar.rules import Allow, Spread
from shardwright.solver.patterns.boxes import within
from shardwright.solver.patterns.compare.forms import Form, Side, equal_regions
from shardwright.solver.patterns.compare.implied import covers, implies
from shardwright.solver.patterns.compare.left import Left, Lefts
from shardwright.solver.patterns.compare.witness import LOOSER, PREFERS, STRICTER
from shardwright.solver.patterns.space import Space


@dataclass(frozen=True)
class Possible:
    """What some cluster may show of a change."""

    space: Space
    old: Side
    new: Side
    left: Lefts

    @cached_property
    def shows(self) -> frozenset[str]:
        found = {shows for shows in (STRICTER, LOOSER) if self._allowed(shows)}
        if self._ranked(bool(found)):
            found.add(PREFERS)
        return frozenset(found)

    def _ranked(self, other: bool) -> bool:
        """May both sides allow two placements and rank them differently, other than by what is broken?"""
        gone, come = self.left.seen[PREFERS]
        ranking = [form for form in (*gone, *come) if not form.is_required]
        if other:
            # Of rules that forbid, what they rank is no news beside what they forbid.
            ranking = [form for form in ranking if form.is_goal and not self._is_kept(form)]
        return bool(ranking)

    def _is_kept(self, form: Form) -> bool:
        """Does a goal cost nothing where one of the sides gives nothing up?"""
        return any(
            not other.is_goal and covers(other, form, self.space.everything)
            for side in (self.old, self.new)
            for other in side.forms
        )

    def _allowed(self, shows: str) -> bool:
        """May one side allow, or keep without giving up, what the other does not?"""
        left = self.left.seen[shows]
        forms, others = (left.come, self.old.forms) if shows == STRICTER else (left.gone, self.new.forms)
        everything = self.space.everything
        for form in forms:
            if not form.is_goal and not any(implies(other, form, everything) for other in others):
                return True
        # Some rules work both ways, whichever side they are on.
        told = self.left.told
        return (
            self._reshaped(told)
            or any(self.works_both_ways(form, self.new) for form in left.gone)
            or any(self.works_both_ways(form, self.old) for form in left.come)
        )

    def works_both_ways(self, form: Form, other: Side) -> bool:
        """Does a rule forbid and allow, unlike those of the other side?

        It does where it takes the place of what holds without it: of the shard's own count of replicas, or
        of the built-in capacity.
        """
        if form.replaces is None:
            return False
        everything = self.space.everything
        return form.by_text or not any(
            form.replaces == twin.replaces
            and form.counted == twin.counted
            and not twin.by_text
            and within(form.guard, twin.guard, everything)
            and equal_regions(form.looks, twin.looks, everything)
            for twin in other.forms
        )

    def _reshaped(self, left: Left) -> bool:
        """Does a change decide which values count for a skew? Then forbidding more may ask for less."""
        skewed = any(
            isinstance(form.rule.kind, Spread) and form.rule.kind.limit == "max_skew"
            for form in (*self.old.forms, *self.new.forms)
        )
        return skewed and any(
            isinstance(form.rule.kind, Allow) and not form.rule.kind.arrivals
            for form in (*left.gone, *left.come)
        )
