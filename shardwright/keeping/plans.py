"""What a command would do to a store: the request, what it is about, and what the checks found."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import cast

from shardwright.grammar.diagnostics import Diagnostic, Help
from shardwright.keeping.catalog import Catalog, Kept, text_of
from shardwright.keeping.check import Checked, check
from shardwright.keeping.documents import Document
from shardwright.policies.read import Text
from shardwright.store.changes import NOT_THERE, By, Change, Request, State
from shardwright.store.differences import Difference, differences
from shardwright.store.faults import StoreError
from shardwright.store.moments import Moment
from shardwright.store.rows import DELETED
from shardwright.store.store import Store
from shardwright.store.writing import name_taken, unknown_policy


@dataclass(frozen=True)
class Plan:
    """`request` has no changes where everything is as it should be already; `same` names those policies.

    `before` are the policies that change as they are now.
    """

    request: Request
    before: Mapping[str, Kept]
    checked: Checked
    same: tuple[str, ...] = ()
    texts: tuple[Text, ...] = field(default=(), repr=False)

    def differences(self, change: Change) -> list[Difference]:
        """What a change makes different in the policy's text."""
        before = self.before.get(change.name)
        old = before.definition if before is not None else None
        if change.state == DELETED:
            return differences(old, None)
        return differences(old, change.definition if change.definition is not None else old)


def plan_create(
    catalog: Catalog, documents: Sequence[Document], texts: Sequence[Text], by: By, state: State
) -> Plan:
    """New policies; every name that is there already is told."""
    taken = [catalog.rows[document.name] for document in documents if document.name in catalog.rows]
    if taken:
        raise StoreError(*(item for row in taken for item in name_taken(row).diagnostics))
    checked = check(catalog, documents, texts)
    changes = [_change(document, "created", state, NOT_THERE, checked) for document in documents]
    return _plan("create", changes, catalog, checked, by, texts=texts)


def plan_update(
    catalog: Catalog, documents: Sequence[Document], texts: Sequence[Text], by: By, seen: int | None
) -> Plan:
    """New versions of policies that are there. `seen` is the version that the user saw."""
    _refuse_unknown(catalog, [document.name for document in documents])
    return _plan_changed("update", catalog, documents, texts, by, seen)


def plan_import(catalog: Catalog, documents: Sequence[Document], texts: Sequence[Text], by: By) -> Plan:
    """Policies as they are in files, whether they are new or not."""
    return _plan_changed("import", catalog, documents, texts, by, None)


def _plan_changed(
    action: str,
    catalog: Catalog,
    documents: Sequence[Document],
    texts: Sequence[Text],
    by: By,
    seen: int | None,
) -> Plan:
    checked = check(catalog, documents, texts)
    changes, same = [], []
    for document in documents:
        row = catalog.rows.get(document.name)
        if row is not None and row.definition == document.text and seen in (None, row.version):
            same.append(document.name)
            continue
        expected = seen if seen is not None else row.version if row is not None else NOT_THERE
        changes.append(_change(document, "updated" if row else "created", None, expected, checked))
    return _plan(action, changes, catalog, checked, by, same, texts)


def plan_delete(catalog: Catalog, names: Sequence[str], by: By) -> Plan:
    """Policies that go, while all their versions stay."""
    _refuse_unknown(catalog, names)
    checked = _together(check(catalog, [], [], gone=names))
    changes = [Change(name, "deleted", "deleted", seen=catalog.rows[name].version) for name in names]
    return _plan("delete", changes, catalog, checked, by)


def _together(checked: Checked) -> Checked:
    """The errors of those who lose what they extend, with the way out."""
    helped = [
        replace(
            problem, helps=(*problem.helps, Help(f"delete `{problem.policy}` first, or together with it"))
        )
        if problem.severity == "error" and problem.policy is not None
        else problem
        for problem in checked.problems
    ]
    return replace(checked, problems=helped)


STEPS: dict[str, tuple[str, State]] = {
    "activate": ("activated", "active"),
    "suspend": ("suspended", "suspended"),
    "retire": ("retired", "retired"),
}


def plan_step(step: str, catalog: Catalog, names: Sequence[str], by: By) -> Plan:
    """Policies that take a step of their lives: a key of STEPS."""
    _refuse_unknown(catalog, names)
    action, state = STEPS[step]
    moving = [name for name in names if catalog.rows[name].state != state]
    rows = [catalog.rows[name] for name in moving]
    documents = [Document(row.name, row.definition) for row in rows]
    checked = check(catalog, documents, [text_of(row) for row in rows])
    changes = [Change(row.name, action, state, seen=row.version) for row in rows]
    same = [name for name in names if name not in moving]
    return _plan(step, changes, catalog, checked, by, same, [text_of(row) for row in rows])


def plan_rollback(
    store: Store, catalog: Catalog, targets: Mapping[str, Kept | None], by: By, details: dict[str, object]
) -> Plan:
    """Policies that become again what they were: `targets`, None for those that were not there."""
    back = {name: row for name, row in targets.items() if row is not None and row.state != DELETED}
    gone = [name for name in targets if name not in back and name in catalog.rows]
    moving = {name: row for name, row in back.items() if _differs(row, catalog.rows.get(name))}
    texts = [text_of(row) for row in moving.values()]
    documents = [Document(row.name, row.definition) for row in moving.values()]
    checked = check(catalog, documents, texts, gone=gone)
    changes = [_back(store, row) for row in moving.values()]
    changes += [Change(name, "rolled back", "deleted", seen=catalog.rows[name].version) for name in gone]
    same = [name for name in back if name not in moving]
    ordered = sorted(changes, key=lambda change: change.name)
    return _plan("rollback", ordered, catalog, checked, by, same, texts, details)


def targets_at(store: Store, names: Iterable[str], at: Moment) -> dict[str, Kept | None]:
    """What policies were at a moment; unknown names are told."""
    return {name: (store.history(name) and store.policy_at(name, at)) or None for name in names}


def _differs(then: Kept, now: Kept | None) -> bool:
    return now is None or (then.hash, then.state) != (now.hash, now.state)


def _back(store: Store, row: Kept) -> Change:
    now = store.policy_at(row.name, Moment(store.number))
    state = cast(State, row.state)
    seen = NOT_THERE if now is None or now.state == DELETED else now.version
    return Change(row.name, "rolled back", state, row.definition, seen, row.type, row.priority)


def _refuse_unknown(catalog: Catalog, names: Sequence[str]) -> None:
    unknown = [name for name in names if name not in catalog.rows]
    if unknown:
        known = sorted(catalog.rows)
        raise StoreError(
            *(
                item
                for name in unknown
                for item in unknown_policy(name, known, catalog.find(name)).diagnostics
            )
        )


def _change(document: Document, action: str, state: State | None, seen: int, checked: Checked) -> Change:
    # A policy with errors has no type; then nothing is written either.
    known = document.name in checked.policies
    model = checked.policies[document.name].model if known else None
    kind, priority = (model.type, model.priority) if model else ("", 0)
    return Change(document.name, action, state, document.text, seen, kind, priority)


def _plan(
    action: str,
    changes: Sequence[Change],
    catalog: Catalog,
    checked: Checked,
    by: By,
    same: Sequence[str] = (),
    texts: Sequence[Text] = (),
    details: dict[str, object] | None = None,
) -> Plan:
    request = Request(action, tuple(changes), by, relying=checked.relying, details=details or {})
    before = {change.name: catalog.rows[change.name] for change in changes if change.name in catalog.rows}
    return Plan(request, before, checked, tuple(same), tuple(texts))


def state_after(plan: Plan, change: Change) -> str:
    """The state that a policy has after a change."""
    before = plan.before.get(change.name)
    return change.state or (before.state if before else "active")


def warnings(plan: Plan) -> list[Diagnostic]:
    return [problem for problem in plan.checked.problems if problem.severity != "error"]
