"""The fenced blocks of a Markdown page that can be run, in their order."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

_FENCE = re.compile(r"^```(?P<info>[^\n`]*)\n(?P<body>.*?)^```$", re.MULTILINE | re.DOTALL)
PROMPT = "$ "


@dataclass(frozen=True)
class Block:
    """`kind` is the first word of the info string, `name` the second: a file's name, or `policy`."""

    kind: str
    name: str
    body: str
    line: int


@dataclass(frozen=True)
class Command:
    """A command with the output that the page shows below it."""

    text: str
    output: str
    line: int


def blocks(path: Path) -> Iterator[Block]:
    """Every fenced block of a page."""
    text = path.read_text(encoding="utf-8")
    for match in _FENCE.finditer(text):
        kind, _, name = match["info"].strip().partition(" ")
        yield Block(kind, name.strip(), match["body"], text.count("\n", 0, match.start()) + 1)


def commands(block: Block) -> Iterator[Command]:
    """The lines that start with a prompt, each with what follows it up to the next."""
    lines = block.body.splitlines(keepends=True)
    starts = [at for at, line in enumerate(lines) if line.startswith(PROMPT)]
    for start, end in zip(starts, [*starts[1:], len(lines)], strict=True):
        output = "".join(lines[start + 1 : end])
        yield Command(lines[start].removeprefix(PROMPT).strip(), output, block.line + start + 1)


def agrees(shown: str, actual: str) -> bool:
    """Is it the same output? A line `...` on the page stands for any number of lines."""
    pattern = "".join(r"(?s:.*)" if line == "..." else re.escape(line) + "\n" for line in shown.splitlines())
    return re.fullmatch(pattern, actual) is not None
