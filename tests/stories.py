"""Stories: why, a command line, and its answer, in tests/cases/*.txt; the README there has the notation."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path

from shardwright.cluster.notation import snapshot
from tests.running import masked, run

CASES = Path(__file__).parent / "cases"
ANSWER = "----"
NEXT = "===="
INDENT = "    "


@dataclass(frozen=True)
class Story:
    """`question` is the text above the line `----`, `files` are its own and those of the blocks before."""

    why: str
    question: str
    commands: list[str]
    answer: str
    files: dict[str, str] = field(default_factory=dict)

    def tell(self, folder: Path) -> str:
        """Write the files into a folder, run the commands there, and return what they print."""
        for name, content in self.files.items():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(content, encoding="utf-8")
        return masked("".join(run(command, folder) for command in self.commands))


def read(path: Path) -> list[Story]:
    """The stories of a file; a block without a command hands its files to the stories after it."""
    shared: dict[str, str] = {}
    stories: list[Story] = []
    for block in path.read_text(encoding="utf-8").split(f"\n{NEXT}\n"):
        story = _story(block)
        if story.commands:
            stories.append(
                Story(story.why, story.question, story.commands, story.answer, shared | story.files)
            )
        else:
            shared |= story.files
    return stories


def rewrite(path: Path, story: Story, answer: str) -> None:
    """Put another answer into a story's file."""
    before, after = f"{story.question}{ANSWER}\n", path.read_text(encoding="utf-8")
    old = f"{before}{story.answer}"
    if after.count(old) != 1:
        raise ValueError(f"two stories of {path.name} are the same: {story.why}")
    path.write_text(after.replace(old, before + answer), encoding="utf-8")


def _story(block: str) -> Story:
    question, _, answer = f"{block}\n".partition(f"\n{ANSWER}\n")
    lines = question.strip("\n").split("\n")
    why = " ".join(line[1:].strip() for line in lines if line.startswith("#"))
    commands = [line for line in lines if line.startswith("shardwright ")]
    return Story(why, "\n".join(lines) + "\n", commands, f"{answer.rstrip()}\n".lstrip("\n"), _files(lines))


def _files(lines: list[str]) -> dict[str, str]:
    """The contents below `file NAME` and `cluster NAME` lines."""
    files: dict[str, str] = {}
    for at, line in enumerate(lines):
        kind, _, name = line.partition(" ")
        if kind in ("file", "cluster"):
            content = _indented(lines[at + 1 :])
            files[name] = content if kind == "file" else json.dumps(snapshot(content), indent=1)
    return files


def _indented(lines: list[str]) -> str:
    body: list[str] = []
    for line in lines:
        if line and not line.startswith(INDENT):
            break
        body.append(line.removeprefix(INDENT))
    return "\n".join(body).rstrip("\n") + "\n"
