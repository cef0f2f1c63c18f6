"""Runs a command line as a user would, in this process, and tells what came out."""

from __future__ import annotations

import contextlib
import io
import os
import re
import shlex
import signal
from collections.abc import Iterator
from pathlib import Path

from shardwright.cli import main

# What differs from run to run, or with every change of the logic, and says nothing about an answer.
MASKS = (
    (re.compile(r"\b20\d\d-\d\d-\d\d \d\d:\d\d:\d\dZ"), "TIME"),
    (re.compile(r"\b20\d\d-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z"), "TIME"),
    (re.compile(r"\b\d[\d,]*(\.\d+)? s\b"), "N s"),
    (re.compile(r"\b\d[\d,]* ground rules?\b"), "N ground rules"),
    (re.compile(r"^time: .*$", re.MULTILINE), "time: N s"),
    (re.compile(r'("seconds"|"ground_rules"): [\d.e+-]+'), r"\1: 0"),
    (re.compile(r"\b\d+:[0-9a-f]{64}\b"), "N:HASH"),
    (re.compile(r'("timings"): \{[^}]*\}'), r"\1: {}"),
)


def masked(text: str) -> str:
    """The text with durations and counts of ground rules made equal."""
    for pattern, replacement in MASKS:
        text = pattern.sub(replacement, text)
    return text


def run(command: str, folder: Path) -> str:
    """What `shardwright ...` prints in a folder: stdout, then stderr, then its exit code unless 0."""
    program, *arguments = shlex.split(command)
    if program != "shardwright":
        raise ValueError(f"only shardwright runs here, not: {command}")
    out, err = io.StringIO(), io.StringIO()
    with _in(folder), contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        code = main(arguments)
    ending = f"[exit {code}]\n" if code else ""
    text = (out.getvalue() + err.getvalue() + ending).replace(str(folder), "<folder>")
    return "".join(f"{line.rstrip()}\n" for line in text.splitlines())


@contextlib.contextmanager
def _in(folder: Path) -> Iterator[None]:
    """A folder to work in, and the environment of a pipe; all is put back afterwards."""
    handler = signal.getsignal(signal.SIGTERM)
    environment = {name: os.environ.pop(name) for name in ("COLUMNS", "FORCE_COLOR") if name in os.environ}
    try:
        with contextlib.chdir(folder):
            yield
    finally:
        os.environ.update(environment)
        signal.signal(signal.SIGTERM, handler)
