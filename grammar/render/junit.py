"""JUnit XML, for build servers: every diagnostic is a test case, an error a failed one."""

from __future__ import annotations

import re
from collections.abc import Sequence
from xml.sax.saxutils import escape, quoteattr

from shardwright.grammar.diagnostics import Diagnostic, primary_place
from shardwright.grammar.render.human import human
from shardwright.grammar.wording import visible

# XML has no way to write these at all.
_NO_XML = re.compile("[\ufffe\uffff]")


def junit(diagnostics: Sequence[Diagnostic]) -> str:
    """One suite. Without diagnostics it holds one case that passed: build servers take none for a mistake."""
    failures = sum(diagnostic.severity == "error" for diagnostic in diagnostics)
    cases = [_case(diagnostic) for diagnostic in diagnostics] or [
        '    <testcase classname="check" name="check"/>'
    ]
    counts = f'tests="{len(cases)}" failures="{failures}" errors="0"'
    lines = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        f'<testsuites name="shardwright" {counts}>',
        f'  <testsuite name="shardwright check" {counts}>',
        *cases,
        "  </testsuite>",
        "</testsuites>",
    ]
    return "\n".join(lines) + "\n"


def _case(diagnostic: Diagnostic) -> str:
    place = primary_place(diagnostic)
    file = place.file if place else "check"
    line = f" at line {place.line}" if place else ""
    head = f"    <testcase classname={attribute(file)} name={attribute(f'{diagnostic.code}{line}')}>"
    body = clean(human([diagnostic]))
    if diagnostic.severity == "error":
        message = attribute(diagnostic.message)
        inside = f"      <failure type={attribute(diagnostic.code)} message={message}>{body}</failure>"
    else:
        inside = f"      <system-out>{body}</system-out>"
    return f"{head}\n{inside}\n    </testcase>"


def attribute(text: str) -> str:
    """A text as the value of an attribute, quotes included."""
    return quoteattr(_writable(visible(text)))


def clean(text: str) -> str:
    """A text as the content of an element."""
    return escape(_writable(text))


def _writable(text: str) -> str:
    return _NO_XML.sub("\ufffd", text)
