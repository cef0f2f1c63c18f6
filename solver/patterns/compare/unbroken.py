"""Rules that are as good as required: no placement that is allowed breaks them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from shardwright.grammar.rules import Allow, Replicas, Stay
from shardwright.solver.patterns.boxes import meet
from shardwright.solver.patterns.compare.forms import Form, Side, says
from shardwright.solver.patterns.judge import REPLICAS
from shardwright.solver.patterns.needs import Most


def as_binding(side: Side) -> Side:
    """A side with such rules as required ones, which they equal on every placement that is allowed."""
    kept = {form.rule.id for form in kept_counts(side.forms)}
    forms = (
        _required(form) if _stands_as_it_is(form) or (form.rule.id in kept and not _is_exact(form)) else form
        for form in side.forms
    )
    return replace(side, forms=tuple(forms))


def _required(form: Form) -> Form:
    rule = replace(form.rule, enforcement="required", level=None)
    return replace(form, rule=rule, says=says(form.statement, rule, *form.says[3:]))


def _stands_as_it_is(form: Form) -> bool:
    """A `no_worse` rule about moves: where everything stays as it is, it is kept, so it may not be broken."""
    kind = form.rule.kind
    about_moves = isinstance(kind, Stay) or (isinstance(kind, Allow) and kind.arrivals)
    return about_moves and form.rule.enforcement == "no_worse"


def _is_exact(form: Form) -> bool:
    return isinstance(form.rule.kind, Replicas) and form.rule.kind.exact


def kept_counts(forms: Sequence[Form]) -> list[Form]:
    """Limits of replicas that are not required and yet never broken: what is wanted keeps to them.

    More than the smallest greatest count is wanted only where some least count is greater. Of exact counts
    the limit alone is meant.
    """
    counts = [
        (form, kind) for form in forms if isinstance(kind := form.rule.kind, Replicas) and kind.key is None
    ]
    found = []
    for form, mine in counts:
        most = mine.most
        if most is None or form.is_required or form.by_text or any(REPLICAS in box for box in form.guard):
            continue
        rivals = [kind for one, kind in counts if one is not form and meet(one.guard, form.guard)]
        if mine.exact and any(kind.exact for kind in rivals):
            continue  # may give way to another
        if all((kind.least or 0) <= most for kind in rivals):
            found.append(replace(form, needs=(Most(most),)))
    return found
