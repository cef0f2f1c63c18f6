"""What became of stories: for people, for scripts, and as JUnit XML."""

from __future__ import annotations

import json
from collections.abc import Sequence
from itertools import groupby
from typing import Any

from shardwright.grammar.diagnostics import Diagnostic
from shardwright.grammar.render import as_json, render
from shardwright.grammar.render.junit import attribute, clean
from shardwright.grammar.wording import visible
from shardwright.report.words import count
from shardwright.testing.running import Verdict

MARKS = {"passed": "  pass ", "failed": "  FAIL ", "error": "  ERROR"}


def render_stories(verdicts: Sequence[Verdict], problems: Sequence[Diagnostic], shape: str) -> str:
    """All verdicts in one of the formats of `shardwright test`; `problems` are files that cannot be read."""
    if shape == "json":
        return json.dumps(_document(verdicts, problems), indent=2) + "\n"
    if shape == "junit":
        return _junit(verdicts, problems)
    if shape == "human":
        return _human(verdicts, problems)
    return render([*problems, *(item for verdict in verdicts for item in verdict.problems)], shape)


def _human(verdicts: Sequence[Verdict], problems: Sequence[Diagnostic]) -> str:
    blocks = [_file(file, list(group)) for file, group in groupby(verdicts, key=lambda it: it.story.file)]
    if problems:
        blocks.append(render(problems, "human"))
    return "\n".join([*blocks, summary(verdicts, problems)]) + "\n"


def _file(file: str, verdicts: Sequence[Verdict]) -> str:
    """The stories of a file, each on a line, what is wrong below it."""
    lines = [visible(file)]
    for verdict in verdicts:
        lines.append(f"{MARKS[verdict.state]} {visible(verdict.story.name)}")
        if verdict.problems:
            lines += ["", render(verdict.problems, "human").rstrip("\n"), ""]
    return "\n".join(lines).rstrip("\n") + "\n"


def summary(verdicts: Sequence[Verdict], problems: Sequence[Diagnostic]) -> str:
    """`5 stories: 3 passed, 1 failed, 1 error`."""
    states = [verdict.state for verdict in verdicts]
    parts = [f"{states.count('passed')} passed"] if states else []
    if "failed" in states:
        parts.append(f"{states.count('failed')} failed")
    if "error" in states:
        parts.append(count(states.count("error"), "error"))
    if problems:
        parts.append(f"{count(len(problems), 'problem')} with files")
    stories = count(len(verdicts), "story", "stories")
    return f"{stories}: {', '.join(parts)}"


def _document(verdicts: Sequence[Verdict], problems: Sequence[Diagnostic]) -> dict[str, Any]:
    states = [verdict.state for verdict in verdicts]
    counts = {"stories": len(states)} | {
        state: states.count(state) for state in ("passed", "failed", "error")
    }
    stories = [_story(verdict) for verdict in verdicts]
    return {"summary": counts, "stories": stories, **as_json(problems)}


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
