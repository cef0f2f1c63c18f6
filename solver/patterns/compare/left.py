"""What is left of a change: rules without an equal, for shards of which they still say something."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from shardwright.solver.patterns.compare.cells import Binding
from shardwright.solver.patterns.compare.forms import Form, Side, by_rank
from shardwright.solver.patterns.compare.near import near
from shardwright.solver.patterns.compare.nowhere import Nowhere, nowhere
from shardwright.solver.patterns.compare.pairing import left_over
from shardwright.solver.patterns.compare.spare import Spare
from shardwright.solver.patterns.compare.witness import LOOSER, PREFERS, STRICTER
from shardwright.solver.patterns.space import Space


class Left(NamedTuple):
    """Rules of the old side without an equal, and such rules of the new one."""

    gone: list[Form]
    come: list[Form]


@dataclass(frozen=True)
class Lefts:
    """`said`: whatever the rules say. `told`: where one of the sides may allow a placement.

    `seen`: where a cluster might show something: "stricter" takes a placement that the old side allows (or
    keeps, giving nothing up), "looser" one of the new side, "prefers" some that both allow. `old` and `new`
    are the shards of changed rules that have no placement.
    """

    said: Left
    told: Left
    seen: dict[str, Left]
    old: Nowhere
    new: Nowhere


def lefts(space: Space, old: Side, new: Side) -> Lefts:
    said = Left(*left_over(space, old, new))
    if any(said) and not any(left_over(space, by_rank(old), by_rank(new))):
        nothing = Left([], [])
        return Lefts(said, nothing, dict.fromkeys((STRICTER, LOOSER, PREFERS), nothing), Nowhere(), Nowhere())
    forms = [*said.gone, *said.come]
    sides = near(old, forms), near(new, forms)
    before, after = (nowhere(Binding(space, side), forms) for side in sides)
    # Where rules are given up in any case, nothing is seen of giving up one more, other than its cost.
    clean = tuple(nowhere(Binding(space, side, giving_up=True), forms) for side in sides)

    def outside(silent: Nowhere, given_up: Nowhere | None = None) -> Left:
        return _left(space, [_outside(space, side, silent, given_up or silent) for side in sides])

    gone, come = outside(after, clean[1]).gone, outside(before, clean[0]).come
    seen = {
        STRICTER: Left(outside(before, clean[0]).gone, _beyond(space, sides[0], come)),
        LOOSER: Left(_beyond(space, sides[1], gone), outside(after, clean[1]).come),
        PREFERS: outside(before.join(after)),
    }
    return Lefts(said, outside(before.meet(after)), seen, before, after)


def _outside(space: Space, side: Side, silent: Nowhere, given_up: Nowhere) -> Side:
    """A side without the shards of which its rules say nothing; of yielding rules those of `given_up`."""
    forms = [
        left
        for form in side.forms
        for left in (given_up if form.may_be_given_up else silent).without([form], space.everything)
    ]
    return replace(side, forms=tuple(forms))


def _left(space: Space, sides: Sequence[Side]) -> Left:
    """The rules without an equal, for the shards for which they add something to the others of their side."""
    left = left_over(space, *sides)
    if not any(left):
        return Left(*left)
    slim = [Spare(space, side).own(forms) for side, forms in zip(sides, left, strict=True)]
    return Left(*left_over(space, *slim))


def _beyond(space: Space, side: Side, forms: Sequence[Form]) -> list[Form]:
    """Rules of the other side, where a placement that this one allows, or keeps, may break them."""
    bound = [form for form in forms if not form.may_be_given_up]
    yielding = [form for form in forms if form.may_be_given_up]
    return [
        *Spare(space, side).beyond(bound),
        *Spare(space, side, giving_up=True).beyond(yielding),
    ]
