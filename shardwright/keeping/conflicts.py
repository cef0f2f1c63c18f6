"""Conflicts that a change would bring, whatever the cluster: found before it is made."""

from __future__ import annotations

from collections.abc import Set
from dataclasses import replace

from shardwright.grammar.diagnostics import Diagnostic, DiagnosticError, Help
from shardwright.keeping.afterwards import afterwards, states_after
from shardwright.keeping.catalog import Catalog
from shardwright.keeping.near import nearby
from shardwright.keeping.plans import Plan
from shardwright.keeping.source import policies_of, taking_part
from shardwright.policies.graph import decides_count, reads_count
from shardwright.policies.policy import PolicySet

CONFLICT = 5  # the exit code
WAY_OUT = "make them agree, or keep both all the same: `--override --reason TEXT`; the reason is kept"
TOLD = ("error", "warning")  # a note, that a policy waits for nodes say, is no reason to stop
PRESENT = ("active", "draft")  # states in which a policy may come to a conflict itself


def with_conflicts(plan: Plan, catalog: Catalog, override: bool) -> Plan:
    """The plan with what the policies alone tell: remarks as warnings, and conflicts of required rules.

    Only what the change brings is told, to the changed policies and to those that rely on them, also where
    a policy goes. Raises with the conflicts, unless they are overridden: then they are part of the change.
    Policies that stay drafts are only warned of.
    """
    states = states_after(plan)
    if not states:
        return plan
    present = {name for name, state in states.items() if state in PRESENT}
    found = _brought(plan, catalog, present)
    certain = [item for item in found if item.severity == "error"]
    others = [item for item in found if item.severity == "warning"]
    if certain and {states[name] for name in present} == {"draft"}:
        others, certain = [*(replace(item, severity="warning") for item in certain), *others], []
    if certain and not override:
        told = [replace(item, helps=(*item.helps, Help(WAY_OUT))) for item in certain]
        raise DiagnosticError(told, exit_code=CONFLICT)
    checked = replace(plan.checked, problems=[*plan.checked.problems, *others])
    overrides = tuple(f"{item.code}: {item.message}" for item in certain)
    return replace(plan, checked=checked, request=replace(plan.request, overrides=overrides))


def _brought(plan: Plan, catalog: Catalog, present: Set[str]) -> list[Diagnostic]:
    """What is found after the change and was not there before."""
    changed = states_after(plan).keys()
    concerned = changed | catalog.dependents(changed)
    # Where a policy goes, others may come under another count, wherever they are.
    among = _nearby(plan, catalog, concerned) if changed <= present else None
    after = afterwards(plan, catalog, active=present, among=among)
    concerned |= _counting(after, catalog, changed - present)
    found = _found(after, concerned)
    if not found or not concerned & set(catalog.rows):
        return found
    before, _ = policies_of(taking_part(catalog, among))
    known = {_identity(item) for item in _found(before, concerned)}
    return [item for item in found if _identity(item) not in known]


def _nearby(plan: Plan, catalog: Catalog, concerned: Set[str]) -> set[str] | None:
    return nearby(catalog, concerned, (one.definition for one in plan.request.changes if one.definition))


def _counting(after: PolicySet, catalog: Catalog, gone: Set[str]) -> set[str]:
    """Where a policy goes that set replica counts: all that stand under another count without it."""
    went, _ = policies_of(catalog.rows[name] for name in sorted(catalog.closure(gone)))
    if not any(name in went and decides_count(went[name]) for name in gone):
        return set()
    return {policy.name for policy in after if decides_count(policy) or reads_count(policy)}


def _found(policies: PolicySet, concerned: set[str]) -> list[Diagnostic]:
    from shardwright.solver.patterns.analysis import check_changed

    analysis = check_changed(policies, concerned)
    found = [*(conflict.diagnostic for conflict in analysis.conflicts), *analysis.lints]
    return [item for item in found if item.severity in TOLD]


def _identity(item: Diagnostic) -> tuple[object, ...]:
    """The same finding before and after, wherever the policies' texts stand now."""
    spans = sorted((span.place.pointer, span.label) for span in item.spans)
    return item.code, item.severity, item.message, item.notes, *spans
