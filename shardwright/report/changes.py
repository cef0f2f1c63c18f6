"""Changes of a store for people: what was done, or would be, and what it makes different."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from rich.console import Group, RenderableType
from rich.text import Text

from shardwright.keeping.carry_out import Outcome
from shardwright.keeping.meaning import Meaning
from shardwright.keeping.plans import Plan, state_after
from shardwright.report.diff import diff_page
from shardwright.report.words import count, line, number, quoted
from shardwright.store.changes import Change
from shardwright.store.differences import MISSING, STATE, Difference
from shardwright.store.rows import DELETED

SHOWN = 12
STYLES = {"active": "green", "draft": "cyan", "suspended": "yellow", "retired": "dim", DELETED: "red"}


def change_page(outcome: Outcome) -> RenderableType:
    """What a plan did, or would do and what that means."""
    plan, made = outcome.plan, outcome.number
    lines: list[RenderableType] = []
    for change in plan.request.changes:
        lines += _change(plan, change, outcome.versions[change.name], made is not None)
    lines += _same(plan.same)
    if outcome.meaning is not None:
        lines += ["", meaning_page(outcome.meaning), ""]
    lines.append(_ending(plan, made))
    return Group(*lines)


def meaning_page(found: Meaning) -> RenderableType:
    """What a change means to the placements that are allowed, and on a cluster."""
    title = line(("What it means", "bold"))
    cut = [line(("cut short: ", "yellow"), text) for text in found.cut_short]
    if found.comparison is None:
        return Group(title, *cut)
    return Group(title, diff_page(found.comparison, found.impact, {}), *cut)


def _change(plan: Plan, change: Change, version: int, made: bool) -> Iterable[RenderableType]:
    gone = plan.request.action == "rollback" and change.state == DELETED
    action = "deleted" if gone else change.action
    verb = action if made else f"would be {action}"
    state = state_after(plan, change)
    tail = f", {state}" if state != "active" and state != DELETED else ""
    yield line(
        (quoted(change.name), "cyan"),
        f" {verb}: version {version}{tail}{' (it was not there then)' if gone else ''}",
    )
    if change.name in plan.before:
        yield from differences_lines(_with_state(plan, change))


def _same(names: Sequence[str]) -> Iterable[Text]:
    for name in names[:SHOWN]:
        yield line((quoted(name), "cyan"), " stays as it is")
    if len(names) > SHOWN:
        yield line(f"and {number(len(names) - SHOWN)} more stay as they are")


def _with_state(plan: Plan, change: Change) -> list[Difference]:
    if change.state == DELETED:
        return []
    before, after = plan.before[change.name].state, state_after(plan, change)
    moved = [Difference(STATE, before, after)] if before != after else []
    return [*moved, *plan.differences(change)]


def differences_lines(found: Sequence[Difference]) -> Iterable[Text]:
    for item in found[:SHOWN]:
        style = "green" if item.before is MISSING else "red" if item.after is MISSING else ""
        yield line("    ", (str(item), style))
    if len(found) > SHOWN:
        yield line(f"    and {number(len(found) - SHOWN)} more")


def _ending(plan: Plan, made: int | None) -> Text:
    if not plan.request.changes:
        return line("nothing to change")
    kept = f" in spite of {count(len(plan.request.overrides), 'finding')}" if plan.request.overrides else ""
    if made is None:
        would = f"; it would be{kept}" if kept else ""
        return line(f"nothing was changed (--dry-run){would}")
    return line(f"change {made} of the store{kept}")
