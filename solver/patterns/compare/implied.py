"""Which rules ask for what others ask for anyway."""

from __future__ import annotations

from dataclasses import replace

from shardwright.grammar.rules import (
    NODE,
    Allow,
    Apart,
    Capacity,
    Kind,
    Leave,
    Replicas,
    Spread,
    Stay,
    Targets,
    Together,
)
from shardwright.solver.patterns.boxes import within
from shardwright.solver.patterns.compare.forms import Everything, Form, equal_regions

STRENGTHS = ("yielding", "no_worse", "required")


def implies(stronger: Form, form: Form, everything: Everything) -> bool:
    """Does a rule ask for as much as another, of all its shards, and bind as strongly?"""
    if form.is_goal or stronger.is_goal or _strength(form) > _strength(stronger):
        return False
    # What may stay as bad as it is must be as bad under both.
    alike = stronger.rule.enforcement == form.rule.enforcement == "no_worse"
    return covers(stronger, form, everything, alike)


def covers(stronger: Form, form: Form, everything: Everything, alike: bool = False) -> bool:
    """Wherever one rule holds, does the other? `alike`: do both also look at the same where they do not?"""
    if form.by_text or stronger.by_text or form.counted != stronger.counted:
        return False
    if not _asks(stronger.rule.kind, form.rule.kind):
        return False
    same_guard, same_looks = (
        equal_regions(one, other, everything)
        for one, other in ((form.guard, stronger.guard), (form.looks, stronger.looks))
    )
    if not (same_guard or within(form.guard, stronger.guard, everything)):
        return False
    narrower = same_looks or within(form.looks, stronger.looks, everything)
    match form.rule.kind:
        case Allow():
            return same_looks or within(stronger.looks, form.looks, everything)
        case Leave() | Stay():
            return narrower
        case Apart(targets=targets) | Together(targets=targets):
            # Where the policy governs more shards, fewer are left that it does not govern.
            return (same_looks or (narrower and not alike)) and (same_guard or not targets.ungoverned)
        case Capacity() as kind:
            sites = same_looks or (narrower and kind.over == NODE)
            return sites and (same_guard or not (alike or kind.everyone))
    return True


def _strength(form: Form) -> int:
    return STRENGTHS.index(form.rule.enforcement)


def _asks(stronger: Kind, kind: Kind) -> bool:
    """Whether one kind asks for as much as another, regions apart."""
    match stronger, kind:
        case Allow(arrivals=mine), Allow(arrivals=theirs):
            return theirs or not mine
        case (Leave(), Leave()) | (Stay(), Stay()):
            return True
        case Replicas(), Replicas() if not stronger.exact and not kind.exact:
            same = (stronger.key, stronger.value) == (kind.key, kind.value)
            return same and _least(stronger.least, kind.least) and _most(stronger.most, kind.most)
        case Spread(), Spread():
            if (stronger.by, stronger.limit) != (kind.by, kind.limit):
                return False
            more = kind.limit == "min_values"
            return stronger.amount >= kind.amount if more else stronger.amount <= kind.amount
        case (Apart() as mine, Apart() as theirs) | (Together() as mine, Together() as theirs):
            return mine.by == theirs.by and _whom(mine.targets) == _whom(theirs.targets)
        case Capacity(), Capacity():
            return _no_more(stronger, kind)
    return False


def _least(stronger: int | None, least: int | None) -> bool:
    return least is None or (stronger is not None and stronger >= least)


def _most(stronger: int | None, most: int | None) -> bool:
    return most is None or (stronger is not None and stronger <= most)


def _whom(targets: Targets) -> Targets:
    return replace(targets, test=None)


def _no_more(stronger: Capacity, kind: Capacity) -> bool:
    """Is there a limit as low for the same load?"""
    unlimited = [replace(one, percent=None, replicas=None, resources=None) for one in (stronger, kind)]
    if unlimited[0] != unlimited[1]:
        return False
    if stronger.resources != kind.resources and (kind.replaces_builtin or not _of_all(stronger, kind)):
        return False
    limits = [(stronger.percent, kind.percent), (stronger.replicas, kind.replicas)]
    return all(
        mine is theirs or (mine is not None and theirs is not None and mine <= theirs)
        for mine, theirs in limits
    )


def _of_all(stronger: Capacity, kind: Capacity) -> bool:
    """Are all resources of one among those of the other?"""
    if stronger.resources is None:
        return True
    return kind.resources is not None and set(kind.resources) <= set(stronger.resources)
