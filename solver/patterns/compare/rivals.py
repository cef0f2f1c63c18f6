"""Rules that have not changed, and which a change may make more or less important than one that has."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice

from shardwright.solver.patterns.boxes import meet
from shardwright.solver.patterns.compare.clusters import Sides, Trial
from shardwright.solver.patterns.compare.fitting import fitting
from shardwright.solver.patterns.compare.forms import Form, Side
from shardwright.solver.patterns.compare.left import Left
from shardwright.solver.patterns.compare.made import kept_and_broken
from shardwright.solver.patterns.space import Space
from shardwright.solver.problem import LevelKey

MOST_OF_LEVEL = 4
FITTING = 3  # clusters for a rule that does not judge shards one by one
MADE = 2  # clusters for a rule that does


def passed(side: Side, changed: Left, more: Iterable[LevelKey] = ()) -> list[Form]:
    """The rules at the levels that changed rules have left, come to or passed, and at some `more`."""
    levels = [form.rule.level for form in (*changed.gone, *changed.come) if form.rule.level is not None]
    if not levels:
        return []
    others = set(more)
    known = {(form.policy.name, form.rule.pointer) for form in (*changed.gone, *changed.come)}
    return [
        form
        for form in side.forms
        if form.rule.level is not None
        and (min(levels) <= form.rule.level <= max(levels) or form.rule.level in others)
        and not form.by_text
        and (form.policy.name, form.rule.pointer) not in known
    ]


def rivals(side: Side, changed: Left, more: Iterable[LevelKey] = ()) -> list[Form]:
    """Some of those that changed rules have passed, and of those at some `more` levels."""
    found = passed(side, changed, more)
    guards = [form.guard for form in (*changed.gone, *changed.come)]

    def ease(form: Form) -> tuple[object, ...]:
        """Those are shown most easily that judge shards one by one, others than those of the change."""
        meets = any(meet(form.guard, guard) for guard in guards)
        return not form.needs, meets, len(form.statement.rules), form.policy.name, form.rule.pointer

    found.sort(key=ease)
    few: list[Form] = []
    for form in found:
        same = [other for other in few if other.rule.level == form.rule.level]
        if len(same) < MOST_OF_LEVEL and all(other.policy is not form.policy for other in same):
            few.append(form)
    return few


def shown(space: Space, form: Form, sides: Sides) -> Iterator[Trial]:
    """Clusters on which the rule may be kept and broken, a few."""
    if form.needs:
        yield from islice(kept_and_broken(space, form, sides), MADE)
        return
    yield from (trial for seed in range(FITTING) if (trial := fitting(space, [form], sides, seed)))
