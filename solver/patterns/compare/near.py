"""The policies that have a say where rules have changed: of a thousand, few."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from shardwright.solver.patterns.compare.forms import Form, Side, needed
from shardwright.solver.patterns.compare.silent import WEIGHING
from shardwright.solver.patterns.index import Index, numbers_in


def near(side: Side, changed: Iterable[Form]) -> Side:
    """A side without the policies that govern none of the shards that changed rules govern."""
    forms = side.forms
    index, meeting = Index([form.guard for form in forms]), 0
    for form in changed:
        meeting |= index.meeting(form.guard)
    met = {forms[at].policy.name for at in numbers_in(meeting)}
    met |= {form.policy.name for form in forms if form.by_text or isinstance(form.rule.kind, WEIGHING)}
    named = {policy.name: policy for policy in side.policies}
    kept = {one.name for policy in side.policies if policy.name in met for one in needed(policy, named)}
    return replace(
        side,
        policies=tuple(policy for policy in side.policies if policy.name in kept),
        statements=tuple(statement for statement in side.statements if statement.policy in kept),
        parts=replace(side.parts, items=tuple(one for one in side.parts.items if one.policy.name in kept)),
        forms=tuple(form for form in forms if form.policy.name in kept),
    )
