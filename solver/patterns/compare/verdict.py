"""The verdict on a change: equivalent, stricter, looser, different or undecided."""

from __future__ import annotations

import time
from collections.abc import Iterable

from shardwright.policies.policy import Policy
from shardwright.solver.patterns.bounds import DEFAULT_BOUNDS, Bounds, Reached
from shardwright.solver.patterns.compare.changes import changes_of
from shardwright.solver.patterns.compare.forms import sides_of
from shardwright.solver.patterns.compare.hunt import Hunt
from shardwright.solver.patterns.compare.left import lefts
from shardwright.solver.patterns.compare.possible import Possible
from shardwright.solver.patterns.compare.unbroken import as_binding
from shardwright.solver.patterns.compare.unplaced import unplaced
from shardwright.solver.patterns.compare.witness import LOOSER, PREFERS, STRICTER, Comparison


def compare(old: Iterable[Policy], new: Iterable[Policy], bounds: Bounds = DEFAULT_BOUNDS) -> Comparison:
    """What changes on some cluster when the new policies replace the old ones."""
    started = time.monotonic()
    space, first, second = sides_of(old, new, Reached(bounds))
    first, second = as_binding(first), as_binding(second)
    left = lefts(space, first, second)
    possible = Possible(space, first, second, left)
    hunt = Hunt(space, first, second, left, possible, bounds)
    if left.told != ([], []):
        hunt.run()
    verdict, proof = _verdict(possible, hunt)
    kept = tuple(hunt.found[shows] for shows in (STRICTER, LOOSER, PREFERS) if hunt.tells(shows))
    changes = tuple(changes_of(*left.said))
    lost = unplaced(space, left.old, left.new)
    return Comparison(verdict, proof, changes, kept, hunt.trials, time.monotonic() - started, lost)


def _verdict(possible: Possible, hunt: Hunt) -> tuple[str, str]:
    if possible.left.told == ([], []):
        return "equivalent", "forms"
    shown = hunt.found.keys() & {STRICTER, LOOSER}
    if shown == {STRICTER, LOOSER} or hunt.tells(PREFERS):
        return "different", "witness"
    if shown:
        (only,) = shown
        other = LOOSER if only == STRICTER else STRICTER
        proven = not possible.shows & {other, PREFERS}
        return only, "witness" if proven else "bounded"
    return ("undecided", "bounded") if possible.shows else ("equivalent", "forms")
