"""What the README and the pages in docs/ show is what the program does.

On a page, ```json FILE``` (or yaml) makes a file in the page's folder (a policy if it is below policies/),
```json policy``` is a policy that `check` accepts, ```sh``` blocks with `$ shardwright ...` lines are run and
compared, and ```python``` blocks are run. `pytest --rewrite` puts the output of today into the pages.
"""

from __future__ import annotations

import contextlib
from pathlib import Path

import pytest

from tests.docs.snippets import Block, Command, agrees, blocks, commands
from tests.running import masked, run

ROOT = Path(__file__).parents[2]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
EACH = pytest.mark.parametrize("page", PAGES, ids=[page.relative_to(ROOT).as_posix() for page in PAGES])


@EACH
def test_the_page_is_true(page: Path, tmp_path: Path, rewrite: bool) -> None:
    """Files are made, commands answer as shown, Python runs, policies pass `check`."""
    (tmp_path / "examples").symlink_to(ROOT / "examples")
    names: dict[str, object] = {}
    for block in blocks(page):
        if block.kind in ("json", "yaml") and block.name:
            _check_file(block, tmp_path)
        elif block.kind == "sh":
            for command in commands(block):
                _check_command(command, page, tmp_path, rewrite)
        elif block.kind == "python":
            with contextlib.chdir(tmp_path):
                exec(compile(block.body, f"{page.name}:{block.line}", "exec"), names)


def _check_file(block: Block, folder: Path) -> None:
    path = folder / (f"snippet-{block.line}.json" if block.name == "policy" else block.name)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(block.body, encoding="utf-8")
    if block.name == "policy" or block.name.startswith("policies/"):
        answer = run(f"shardwright check {path.relative_to(folder)}", folder)
        assert "error" not in answer, answer


def _check_command(command: Command, page: Path, folder: Path, rewrite: bool) -> None:
    actual = run(command.text, folder)
    if agrees(masked(command.output), masked(actual)):
        return
    if not rewrite:
        assert masked(actual) == masked(command.output), f"line {command.line}: {command.text}"
    old, new = (f"$ {command.text}\n{output}" for output in (command.output, actual))
    page.write_text(page.read_text(encoding="utf-8").replace(old, new, 1), encoding="utf-8")


@pytest.mark.parametrize(
    ("shown", "actual", "same"),
    [
        ("a\nb\n", "a\nb\n", True),
        ("a\n...\nd\n", "a\nb\nc\nd\n", True),
        ("a\n...\n", "a\n", True),
        ("a\n", "a\nb\n", False),
        ("a.c\n", "abc\n", False),
    ],
)
def test_an_ellipsis_stands_for_lines(shown: str, actual: str, same: bool) -> None:
    assert agrees(shown, actual) is same
