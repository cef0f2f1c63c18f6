"""Conflicts that a change would bring, whatever the cluster: found before it is made."""

from __future__ import annotations

from dataclasses import replace

from shardwright.grammar.diagnostics import Diagnostic, DiagnosticError, Help
from shardwright.keeping.catalog import Catalog
from shardwright.keeping.plans import Plan, state_after
from shardwright.keeping.source import policies_of, taking_part
from shardwright.policies.load import load_texts
from shardwright.policies.policy import Policy, PolicySet

CONFLICT = 5  # the exit code
WAY_OUT = "make them agree, or keep both all the same: `--override --reason TEXT`; the reason is kept"


def with_conflicts(plan: Plan, catalog: Catalog, override: bool) -> Plan:
    """The plan with what the policies alone tell: remarks as warnings, and conflicts of required rules.

    Only what the change brings is told, to the changed policies and to those that extend or depend on them.
    Raises with the conflicts, unless they are overridden: then they are part of the change. Policies that
    stay drafts are only warned of.
    """
    states = {change.name: state_after(plan, change) for change in plan.request.changes}
    changed = {name for name, state in states.items() if state in ("active", "draft")}
    if not changed:
        return plan
    found = _brought(plan, catalog, changed)
    certain = [item for item in found if item.severity == "error"]
    others = [item for item in found if item.severity == "warning"]
    if certain and all(states[name] == "draft" for name in changed):
        others, certain = [*(replace(item, severity="warning") for item in certain), *others], []
    if certain and not override:
        told = [replace(item, helps=(*item.helps, Help(WAY_OUT))) for item in certain]
        raise DiagnosticError(told, exit_code=CONFLICT)
    checked = replace(plan.checked, problems=[*plan.checked.problems, *others])
    overrides = tuple(f"{item.code}: {item.message}" for item in certain)
    return replace(plan, checked=checked, request=replace(plan.request, overrides=overrides))


def _brought(plan: Plan, catalog: Catalog, changed: set[str]) -> list[Diagnostic]:
    """What is found after the change and was not there before."""
    concerned = changed | catalog.dependents(changed)
    found = _found(_afterwards(plan, catalog, changed), concerned)
    if not found or not concerned & set(catalog.rows):
        return found
    before, _ = policies_of(taking_part(catalog))
    known = {_identity(item) for item in _found(before, concerned)}
    return [item for item in found if _identity(item) not in known]


def _found(policies: PolicySet, concerned: set[str]) -> list[Diagnostic]:
    from shardwright.solver.patterns.analysis import check_changed

    analysis = check_changed(policies, concerned)
    return [*(conflict.diagnostic for conflict in analysis.conflicts), *analysis.lints]


def _identity(item: Diagnostic) -> tuple[object, ...]:
    """The same finding before and after, wherever the policies' texts stand now."""
    spans = sorted((span.place.pointer, span.label) for span in item.spans)
    return item.code, item.severity, item.message, item.notes, *spans


def _afterwards(plan: Plan, catalog: Catalog, changed: set[str]) -> PolicySet:
    """All policies that take part after the change; a changed draft as if it were active."""
    moved = {change.name for change in plan.request.changes}
    others = {row.name: row for row in taking_part(catalog)}
    others |= {name: catalog.rows[name] for name in plan.request.relying}
    left = {name: row for name, row in others.items() if name not in moved}
    policies, _ = load_texts([*plan.texts, *catalog.texts(left)])

    def standing(policy: Policy) -> Policy:
        if policy.name in left:
            return replace(policy, revision=left[policy.name].version, standing=left[policy.name].state)
        return policy if policy.name in changed else replace(policy, standing="suspended")

    return PolicySet(tuple(standing(policy) for policy in policies))
