"""What became of stories: for people, for scripts, and as JUnit XML."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from shardwright.grammar.diagnostics import Diagnostic
from shardwright.grammar.render import as_json, render
from shardwright.grammar.render.human import wrapped
from shardwright.grammar.render.junit import attribute, clean
from shardwright.grammar.wording import visible
from shardwright.report.words import count
from shardwright.testing.coverage import Covered
from shardwright.testing.running import Verdict

MARKS = {"passed": "  pass ", "failed": "  FAIL ", "error": "  ERROR"}


@dataclass(frozen=True)
class Report:
    """`problems` are about files that cannot be read; `coverage` is None where nobody asked for it."""

    verdicts: Sequence[Verdict]
    coverage: Sequence[Covered] | None
    problems: Sequence[Diagnostic]

    @property
    def warnings(self) -> list[Diagnostic]:
        return [item.warning() for item in self.coverage or () if item.story is None]


def render_stories(report: Report, shape: str, width: int | None = None) -> str:
    """All verdicts in one of the formats of `shardwright test`; sentences for people fit a `width`."""
    if shape == "json":
        return json.dumps(_document(report), indent=2) + "\n"
    if shape == "junit":
        return _junit(report.verdicts, report.problems)
    if shape == "human":
        return _human(report, width)
    found = [item for verdict in report.verdicts for item in verdict.problems]
    return render([*report.problems, *found, *report.warnings], shape)


def _human(report: Report, width: int | None) -> str:
    files = groupby(report.verdicts, key=lambda it: it.story.file)
    blocks = [_file(file, list(group), width) for file, group in files]
    if report.problems:
        blocks.append(render(report.problems, "human", width=width))
    if report.coverage is not None:
        blocks.append(_covered(report.coverage, width))
        blocks += [render(report.warnings, "human", width=width)] if report.warnings else []
    return "\n".join([*blocks, summary(report)]) + "\n"


def _covered(coverage: Sequence[Covered], width: int | None) -> str:
    """The policies that decided something, below the first story in which each did."""
    by_story: dict[str, list[Covered]] = {}
    for item in coverage:
        if item.story is not None:
            by_story.setdefault(item.story, []).append(item)
    if not by_story:
        return "No policy is decisive in any story\n"
    lines = ["Decisive policies, below the first story in which they are"]
    for story, items in by_story.items():
        lines.append(f"  {visible(story)}")
        for item in items:
            first, *rest = wrapped(f"{visible(item.policy)}: {visible(item.why)}", 6, width)
            lines += [f"    {first}", *(f"      {line}" for line in rest)]
    return "\n".join(lines) + "\n"


def _file(file: str, verdicts: Sequence[Verdict], width: int | None) -> str:
    """The stories of a file, each on a line, what is wrong below it."""
    lines = [visible(file)]
    for verdict in verdicts:
        lines.append(f"{MARKS[verdict.state]} {visible(verdict.story.name)}")
        if verdict.problems:
            lines += ["", render(verdict.problems, "human", width=width).rstrip("\n"), ""]
    return "\n".join(lines).rstrip("\n") + "\n"


def summary(report: Report) -> str:
    """`5 stories: 3 passed, 1 failed, 1 error; 4 of 6 policies decisive`."""
    states = [verdict.state for verdict in report.verdicts]
    parts = [f"{states.count('passed')} passed"] if states else []
    if "failed" in states:
        parts.append(f"{states.count('failed')} failed")
    if "error" in states:
        parts.append(count(states.count("error"), "error"))
    if report.problems:
        parts.append(f"{count(len(report.problems), 'problem')} with files")
    return f"{count(len(states), 'story', 'stories')}: {', '.join(parts)}{_share(report.coverage)}"


def _share(coverage: Sequence[Covered] | None) -> str:
    if coverage is None:
        return ""
    decisive = sum(item.story is not None for item in coverage)
    return f"; {decisive} of {count(len(coverage), 'policy', 'policies')} decisive"


def _document(report: Report) -> dict[str, Any]:
    states = [verdict.state for verdict in report.verdicts]
    counts = {"stories": len(states)} | {
        state: states.count(state) for state in ("passed", "failed", "error")
    }
    document: dict[str, Any] = {"summary": counts, "stories": [_story(it) for it in report.verdicts]}
    if report.coverage is not None:
        document["coverage"] = {"policies": [_policy(item) for item in report.coverage]}
    return {**document, **as_json(report.problems)}


def _policy(item: Covered) -> dict[str, Any]:
    place = item.place
    where = {"file": place.file, "line": place.line, "column": place.column}
    decisive = item.story is not None
    return {"policy": item.policy, **where, "decisive": decisive, "story": item.story, "why": item.why}


def _story(verdict: Verdict) -> dict[str, Any]:
    place = verdict.story.place
    result = verdict.outcome.result if verdict.outcome is not None else None
    return {
        "name": verdict.story.name,
        "file": place.file,
        "line": place.line,
        "column": place.column,
        "state": verdict.state,
        "status": result.status if result is not None else None,
        "seconds": round(verdict.seconds, 3),
        **as_json(verdict.problems),
    }


def _junit(verdicts: Sequence[Verdict], problems: Sequence[Diagnostic]) -> str:
    """A suite for each file, a case for each story; a file that cannot be read is a case with an error."""
    files = [(file, list(group)) for file, group in groupby(verdicts, key=lambda it: it.story.file)]
    suites = [_suite(file, [_case(it) for it in group], [it.state for it in group]) for file, group in files]
    if problems:
        cases = [_unread(item) for item in problems]
        suites.append(_suite("files", cases, ["error"] * len(cases)))
    states = [verdict.state for verdict in verdicts] + ["error"] * len(problems)
    head = f'<testsuites name="shardwright test" {_counts(states)}>'
    return "\n".join(['<?xml version="1.0" encoding="UTF-8"?>', head, *suites, "</testsuites>"]) + "\n"


def _counts(states: Sequence[str]) -> str:
    failures, errors = states.count("failed"), states.count("error")
    return f'tests="{len(states)}" failures="{failures}" errors="{errors}"'


def _suite(name: str, cases: Sequence[str], states: Sequence[str]) -> str:
    return "\n".join([f"  <testsuite name={attribute(name)} {_counts(states)}>", *cases, "  </testsuite>"])


def _case(verdict: Verdict) -> str:
    story = verdict.story
    head = (
        f"    <testcase classname={attribute(story.file)} name={attribute(story.name)}"
        f' file={attribute(story.file)} line="{story.place.line}" time="{verdict.seconds:.3f}"'
    )
    if verdict.state == "passed":
        return f"{head}/>"
    tag = "failure" if verdict.state == "failed" else "error"
    return "\n".join([f"{head}>", _fault(tag, verdict.problems), "    </testcase>"])


def _unread(problem: Diagnostic) -> str:
    file = problem.spans[0].place.file if problem.spans else "files"
    head = f"    <testcase classname={attribute(file)} name={attribute(problem.code)}>"
    return "\n".join([head, _fault("error", [problem]), "    </testcase>"])


def _fault(tag: str, problems: Sequence[Diagnostic]) -> str:
    """One element with all that is wrong: build servers read only the first of a case."""
    first = problems[0]
    body = clean(render(problems, "human"))
    message = attribute("; ".join(problem.message for problem in problems))
    return f"      <{tag} type={attribute(first.code)} message={message}>{body}</{tag}>"
