"""What rules without an equal may change, as far as their forms tell."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from shardwright.grammar.rules import Allow, Capacity, Replicas, Spread
from shardwright.solver.patterns.compare.forms import Form, Side
from shardwright.solver.patterns.compare.left import Left, Lefts
from shardwright.solver.patterns.compare.pairing import implies
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
        gone, come = self.left.seen[PREFERS]
        if any(not form.is_required for form in (*gone, *come)) and self._ranked(gone, come, found):
            found.add(PREFERS)
        return frozenset(found)

    def _ranked(self, gone: list[Form], come: list[Form], found: set[str]) -> bool:
        """May both sides allow two placements and rank them differently, other than by what is broken?"""
        return not found or any(form.is_goal for form in (*gone, *come)) or _reordered(gone, come)

    def _allowed(self, shows: str) -> bool:
        """May one side allow, or keep without giving up, what the other does not?"""
        left = self.left.seen[shows]
        forms, others = (left.come, self.old.forms) if shows == STRICTER else (left.gone, self.new.forms)
        everything = self.space.everything
        for form in forms:
            if not form.is_goal and not any(implies(other, form, everything) for other in others):
                return True
        # Some rules work both ways, whichever side they are on.
        both = (*left.gone, *left.come)
        return self._reshaped(self.left.told) or any(_works_both_ways(form) for form in both)

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


def _reordered(gone: Iterable[Form], come: Iterable[Form]) -> bool:
    """Do yielding rules change their priority or weight only?"""
    after = [form for form in come if not form.is_goal and form.rule.level]
    return any(
        form.rule.kind == other.rule.kind and not form.is_goal and form.rule.level
        for form in gone
        for other in after
    )


def _works_both_ways(form: Form) -> bool:
    """Does a rule forbid and allow? It does where it takes the place of what holds without it.

    That is the shard's own count of replicas, or the built-in capacity.
    """
    kind = form.rule.kind
    return isinstance(kind, Capacity) or (isinstance(kind, Replicas) and kind.key is None)
