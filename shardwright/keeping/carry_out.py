"""From a plan to a change, or to a preview of it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from shardwright.grammar.diagnostics import DiagnosticError
from shardwright.grammar.render.json import as_json
from shardwright.keeping.meaning import Meaning
from shardwright.keeping.plans import Plan, state_after, warnings
from shardwright.store.changes import By, Written
from shardwright.store.open import write_store
from shardwright.store.store import Store


@dataclass(frozen=True)
class Outcome:
    """A plan, the versions that it made or would make, and the number of its change (None: not made).

    `meaning` is there in previews only.
    """

    plan: Plan
    versions: dict[str, int]
    number: int | None
    meaning: Meaning | None = None


def refuse_errors(plan: Plan) -> None:
    """Raises with everything that was found, where something of it is an error."""
    if plan.checked.errors:
        raise DiagnosticError(plan.checked.problems)


def preview(plan: Plan, store: Store | None) -> Outcome:
    """What would come of a plan; raises as the change itself would."""
    if store is None or not plan.request.changes:
        return Outcome(plan, {change.name: 1 for change in plan.request.changes}, None)
    return Outcome(plan, _versions(store.preview(plan.request)), None)


def _versions(written: Written) -> dict[str, int]:
    return {row.name: row.version for row in written.versions}


def carry_out(plan: Plan, store: Store | None, folder: str, wait: float) -> Outcome:
    """Make the change; where there is no store yet, make one."""
    if not plan.request.changes:
        return preview(plan, store)
    if store is None:
        with write_store(folder, wait_seconds=wait, create=_founder(plan.request.by), doing="create") as made:
            return carry_out(plan, made, folder, wait)
    written = store.write(plan.request)
    return Outcome(plan, _versions(written), written.number)


def _founder(by: By) -> By:
    return replace(by, reason="")


def document(outcome: Outcome) -> dict[str, Any]:
    """An outcome for scripts."""
    plan = outcome.plan
    return {
        "change": outcome.number,
        "dry_run": outcome.number is None and bool(plan.request.changes),
        "policies": [
            {
                "name": change.name,
                "version": outcome.versions[change.name],
                "action": change.action,
                "state": state_after(plan, change),
                "differences": [item.as_json() for item in plan.differences(change)],
            }
            for change in plan.request.changes
        ],
        "unchanged": list(plan.same),
        "overrides": list(plan.request.overrides),
        "meaning": None if outcome.meaning is None else outcome.meaning.to_json(),
        "diagnostics": as_json(warnings(plan))["diagnostics"],
    }
