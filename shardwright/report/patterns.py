"""What can be said about policies alone, on one page: conflicts with their lines, then remarks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from rich.console import Group, RenderableType

from shardwright.grammar.diagnostics import Diagnostic, Help
from shardwright.report.diagnostics import rendered
from shardwright.report.sections import hanging, spaced
from shardwright.report.words import count, line, safe
from shardwright.solver.patterns.lints.say import names

if TYPE_CHECKING:
    from shardwright.solver.patterns.analysis import Analysis
    from shardwright.solver.patterns.conflicts import PatternConflict

MOST_SHOWN = 20  # remarks on the page
Files = Mapping[int, Path]  # the witness of each conflict


def patterns_page(analysis: Analysis, files: Files) -> RenderableType:
    """What an operator reads after `conflicts` without a cluster."""
    blocks: list[RenderableType | None] = [
        rendered(_conflict(conflict, files.get(number))) for number, conflict in enumerate(analysis.conflicts)
    ]
    warnings = [lint for lint in analysis.lints if lint.severity != "note"]
    notes = [lint for lint in analysis.lints if lint.severity == "note"]
    blocks += [rendered(lint) for lint in warnings[:MOST_SHOWN]]
    if len(warnings) > MOST_SHOWN:
        left = count(len(warnings) - MOST_SHOWN, "more remark")
        blocks.append(line(f"and {left}; `--format json` lists all"))
    blocks += [_notes(notes), _limits(analysis), _summary(analysis)]
    return spaced(blocks)


def _conflict(conflict: PatternConflict, file: Path | None) -> Diagnostic:
    told = conflict.diagnostic
    if file is None:
        return told
    return replace(told, helps=(*told.helps, Help(f"a cluster that shows it: {safe(str(file))}")))


TITLES = {
    "waits": "Waiting for nodes: these hold as soon as there are, for example",
    "together": "Together only on some clusters: these need, for example",
}


def _notes(notes: list[Diagnostic]) -> RenderableType | None:
    """Notes are a line each: there may be many, and none of them is urgent."""
    lines: list[RenderableType] = []
    for kind, title in TITLES.items():
        told = [note for note in notes if note.data["kind"] == kind]
        if told:
            lines += [""] if lines else []
            lines += [line((title, "bold"), f" ({told[0].code})"), *(_note(note) for note in told)]
    return Group(*lines) if lines else None


def _note(note: Diagnostic) -> RenderableType:
    every = note.data["policies"]
    assert isinstance(every, list)
    return hanging(line("  - "), line(f"{note.data['needs']}: {names(every)}"))


def _limits(analysis: Analysis) -> RenderableType | None:
    if not analysis.reached:
        return None
    told = ", ".join(f"`{name}` = {value}" for name, value in analysis.reached.items())
    return line(("There may be more", "bold"), f": the search stopped at {told}")


def _summary(analysis: Analysis) -> RenderableType:
    errors = sum(conflict.severity == "error" for conflict in analysis.conflicts)
    warnings = len(analysis.conflicts) - errors
    head = f"{count(errors, 'conflict')}" if errors else "no conflict of required rules"
    parts = [f"{count(analysis.policies, 'policy', 'policies')}: {head}"]
    if warnings:
        parts.append(f"{count(warnings, 'conflict')} in which yielding rules give way")
    lints = sum(lint.severity != "note" for lint in analysis.lints)
    parts += [count(lints, "remark")] if lints else []
    return line(", ".join(parts))


def save_witnesses(analysis: Analysis, folder: Path) -> dict[int, Path]:
    """Write each witness into a folder; by the number of its conflict."""
    from shardwright.output import save_json

    folder.mkdir(parents=True, exist_ok=True)
    files = {}
    for number, conflict in enumerate(analysis.conflicts):
        files[number] = folder / f"conflict-{number + 1}.json"
        save_json(conflict.witness, files[number])
    for number, lint in enumerate(lint for lint in analysis.lints if lint.data.get("witness")):
        save_json(lint.data["witness"], folder / f"{lint.code}-{number + 1}.json")
    return files
