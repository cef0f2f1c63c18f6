"""The rules of two sides that have no equal on the other, alone or put together."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import replace

from shardwright.grammar.rules import Allow
from shardwright.solver.patterns.boxes import join, meet
from shardwright.solver.patterns.compare.forms import Everything, Form, Side, equal_regions
from shardwright.solver.patterns.compare.implied import implies
from shardwright.solver.patterns.index import Index, numbers_in
from shardwright.solver.patterns.space import Space

Forms = list[Form]


def left_over(space: Space, old: Side, new: Side) -> tuple[Forms, Forms]:
    """The rules of each side that have no equal on the other, not even when rules are put together.

    Rules that add nothing to a required one of their own side are left out first. Rules that both sides have
    are looked at only where they govern a shard together with one that only one side has.
    """
    everything = space.everything
    gone, come = _unpaired(old.forms, new.forms, everything)
    if not gone and not come:
        return [], []
    near = [_near(side.forms, [*gone, *come]) for side in (old, new)]
    told = [_telling(some, own, everything) for some, own in zip(near, (gone, come), strict=True)]
    first, second = _unpaired(told[0], told[1], everything)
    if not any(_unpaired(gathered(first, everything), gathered(second, everything), everything)):
        return [], []
    # What both sides say is no change, though one of them says it twice by now.
    only = _among(first, gone), _among(second, come)
    return only if any(only) else (first, second)


def _near(forms: Sequence[Form], changed: Sequence[Form]) -> Forms:
    """The rules that govern a shard together with one that has changed, these among them."""
    meeting, index = 0, Index([form.guard for form in forms])
    for form in changed:
        meeting |= index.meeting(form.guard)
    return [forms[at] for at in numbers_in(meeting)]


def _among(forms: Forms, some: Forms) -> Forms:
    known = {id(form) for form in some}
    return [form for form in forms if id(form) in known]


def _telling(forms: Forms, changed: Forms, everything: Everything) -> Forms:
    """Without those that a required one implies, where either of them has changed."""
    kept = {id(form): form for form in forms}
    own = [form for form in changed if form.is_required]
    required = [form for form in forms if form.is_required]
    has_changed = {id(form) for form in changed}
    for form in forms:
        others = required if id(form) in has_changed else own
        if any(
            other is not form and id(other) in kept and implies(other, form, everything) for other in others
        ):
            del kept[id(form)]
    return list(kept.values())


def _unpaired(old: Sequence[Form], new: Sequence[Form], everything: Everything) -> tuple[Forms, Forms]:
    """The rules of each list without an equal in the other. Rules of the same name and place come first."""
    left, rest = _unpaired_by(old, new, everything, _place)
    return _unpaired_by(left, rest, everything, lambda form: form.says)


def _place(form: Form) -> object:
    return form.says, form.policy.name, form.rule.pointer


def _unpaired_by(
    old: Sequence[Form], new: Sequence[Form], everything: Everything, key: Callable[[Form], object]
) -> tuple[Forms, Forms]:
    waiting: dict[object, Forms] = defaultdict(list)
    for form in new:
        waiting[key(form)].append(form)
    left = []
    for form in old:
        group = waiting[key(form)]
        at = next((at for at, other in enumerate(group) if form.same(other, everything)), None)
        if at is None:
            left.append(form)
        else:
            del group[at]
    rest = {id(form) for group in waiting.values() for form in group}
    return left, [form for form in new if id(form) in rest]


def gathered(forms: Forms, everything: Everything) -> Forms:
    """Rules about single shards, put together where that says the same."""
    return _joined(_narrowed(forms, everything), everything)


def _narrowed(forms: Forms, everything: Everything) -> Forms:
    """Required `allow` rules of the same shards are one rule: their nodes have to fulfil all of them."""
    found: Forms = []
    for form in forms:
        mate = (
            _mate(form, found, lambda a, b: equal_regions(a.guard, b.guard, everything))
            if form.is_required and isinstance(form.rule.kind, Allow)
            else None
        )
        if mate is None:
            found.append(form)
        else:
            found[mate] = replace(found[mate], looks=meet(found[mate].looks, form.looks))
    return found


def _joined(forms: Forms, everything: Everything) -> Forms:
    """The same rule for several kinds of shards is one rule for all of them (if none is counted twice)."""
    found: Forms = []
    for form in forms:
        mate = _mate(form, found, lambda a, b: _joinable(a, b, everything)) if form.is_single else None
        if mate is None:
            found.append(form)
        else:
            found[mate] = replace(found[mate], guard=join((found[mate].guard, form.guard)))
    return found


def _mate(form: Form, found: Forms, alike: object) -> int | None:
    assert callable(alike)
    return next(
        (at for at, other in enumerate(found) if other.says == form.says and alike(other, form)), None
    )


def _joinable(first: Form, second: Form, everything: Everything) -> bool:
    apart = first.is_required or not meet(first.guard, second.guard)
    return apart and equal_regions(first.looks, second.looks, everything)
