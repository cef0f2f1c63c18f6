"""The wheel holds everything that an installed Shardwright needs, and nothing that is not its own."""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
FOLDERS = ("cluster", "grammar", "policies", "solver", "store")
SUFFIXES = (".json", ".lark", ".lp", ".md", ".py", ".typed")


def run(*command: str | Path, cwd: Path) -> str:
    """Output of a command in a folder, where it finds what is installed there before anything else."""
    environment = {**os.environ, "PYTHONPATH": str(cwd)}
    done = subprocess.run(command, cwd=cwd, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel of the working tree, built from a copy so that no build folder stays behind."""
    copy, out = tmp_path_factory.mktemp("copy"), tmp_path_factory.mktemp("wheel")
    for name in ("pyproject.toml", "README.md", "LICENSE", "shardwright", "docs", *FOLDERS):
        if (ROOT / name).exists():
            run("cp", "-R", "-P", ROOT / name, copy / name, cwd=ROOT)
    run(sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", out, copy, cwd=copy)
    return next(out.glob("*.whl"))


@pytest.fixture(scope="module")
def names(wheel: Path) -> set[str]:
    with zipfile.ZipFile(wheel) as archive:
        return set(archive.namelist())


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel unpacked into a fresh folder, as an installer does it."""
    folder = tmp_path_factory.mktemp("site")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(folder)
    return folder


def sources() -> set[str]:
    """What the wheel must hold: every code and data file of the folders, under its import name."""
    found = {
        f"shardwright/{path.relative_to(ROOT).as_posix()}"
        for folder in FOLDERS
        for path in (ROOT / folder).rglob("*")
        if path.suffix in SUFFIXES
    }
    own = {path for path in (ROOT / "shardwright").rglob("*.py") if "__pycache__" not in path.parts}
    pages = {f"shardwright/codes/{path.name}" for path in (ROOT / "docs" / "codes").glob("*.md")}
    return found | pages | {path.relative_to(ROOT).as_posix() for path in own}


def test_every_source_and_data_file_is_in_the_wheel(names: set[str]) -> None:
    assert sorted(sources() - names) == []


def test_only_the_package_is_at_the_top(names: set[str]) -> None:
    """A top-level `store` would overwrite another distribution's."""
    assert {name.split("/")[0].split("-")[0] for name in names} == {"shardwright"}


def test_nothing_but_code_and_data_is_in_the_wheel(names: set[str]) -> None:
    files = {name for name in names if ".dist-info/" not in name}
    assert sorted(name for name in files if not name.endswith(SUFFIXES)) == []


def test_every_module_imports_from_the_wheel(installed: Path, names: set[str]) -> None:
    modules = sorted(
        name.removesuffix(".py").removesuffix("/__init__").replace("/", ".")
        for name in names
        if name.endswith(".py") and not name.endswith("__main__.py")
    )
    script = f"import importlib\nfor name in {modules!r}: print(importlib.import_module(name).__file__)"
    places = run(
        sys.executable, "-c", f"import sys; sys.path.insert(0, {str(installed)!r})\n{script}", cwd=installed
    )
    assert [place for place in places.splitlines() if not place.startswith(str(installed))] == []


@pytest.mark.parametrize(
    ("arguments", "start"),
    [
        (("explain", "E3001"), "# E3001: "),
        (("check", ROOT / "examples" / "policies"), ""),
        (
            (
                "solve",
                "--policies",
                ROOT / "examples/first/policies",
                "--cluster",
                ROOT / "examples/first/cluster.json",
            ),
            "optimal: ",
        ),
    ],
    ids=["explain", "check", "solve"],
)
def test_a_command_runs_from_the_wheel(arguments: tuple[str, ...], start: str, installed: Path) -> None:
    """With the grammar, the logic and the pages that it carries."""
    assert run(sys.executable, "-m", "shardwright", *arguments, cwd=installed).startswith(start)


def test_the_links_are_relative_and_whole() -> None:
    """A link with an absolute target would break every clone."""
    links = [path for path in (ROOT / "shardwright").iterdir() if path.is_symlink()]
    assert sorted(link.name for link in links) == sorted((*FOLDERS, "codes"))
    assert [link.name for link in links if os.path.isabs(os.readlink(link)) or not link.exists()] == []
