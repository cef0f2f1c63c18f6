"""Setting up says clearly what a machine lacks, and the targets of the Makefile are what the README says."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

ROOT = Path(__file__).parents[2]
PYTHONS = ("python3", "python3.13", "python3.12", "python3.11")


def setup(tmp_path: Path, answers: str) -> str:
    """What .ci/setup says on a machine whose Pythons are shell scripts with these answers."""
    (tmp_path / ".ci").mkdir()
    shutil.copy(ROOT / ".ci" / "setup", tmp_path / ".ci" / "setup")
    (tmp_path / "bin").mkdir()
    for name in PYTHONS:
        (tmp_path / "bin" / name).write_text(f'#!/bin/sh\ncase "$*" in\n{answers}\nesac\n')
        (tmp_path / "bin" / name).chmod(0o755)
    environment = {"PATH": f"{tmp_path / 'bin'}{os.pathsep}/usr/bin{os.pathsep}/bin"}
    done = subprocess.run(
        [tmp_path / ".ci" / "setup"], env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 1
    assert not (tmp_path / ".venv").exists()
    return done.stderr


def test_an_old_python_is_named(tmp_path: Path) -> None:
    told = setup(tmp_path, "*version_info*) exit 1;;\n--version) echo Python 3.9.6;;")
    assert told.splitlines() == [
        "Shardwright needs Python 3.11 or newer; python3 here is: Python 3.9.6",
        "Install one, or name it: make PYTHON=/path/to/python3.12",
    ]


def test_a_missing_venv_module_is_named(tmp_path: Path) -> None:
    told = setup(tmp_path, "*ensurepip*) exit 1;;\n--version) echo Python 3.11.2;;")
    assert told.splitlines() == [
        "Python 3.11.2 has no venv or ensurepip module, so no virtual environment can be made.",
        "On Debian and Ubuntu: apt-get install python3-venv",
    ]


def test_ci_runs_the_tests_and_nothing_else() -> None:
    lines = (ROOT / ".ci" / "run").read_text().splitlines()
    assert lines[-1] == "exec make test"
    assert os.access(ROOT / ".ci" / "run", os.X_OK)
