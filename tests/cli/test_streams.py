"""Answers that cannot be written are told; devices, links and the input stay what they are."""

from __future__ import annotations

import json
import os
import stat
from pathlib import Path

import pytest

from shardwright import exit_codes
from tests.cli.bad import SOLVE, put, run, shell

LINUX = pytest.mark.skipif(not os.path.exists("/dev/full"), reason="/dev/full is Linux's")
SOLVING = f"$SW {' '.join(SOLVE)}"


@LINUX
@pytest.mark.parametrize(
    "command", [SOLVING, f"{SOLVING} --format json", "$SW check policy.json", "$SW --help"]
)
def test_a_full_disk_is_no_bug(command: str, tmp_path: Path) -> None:
    put(tmp_path)
    told = shell(tmp_path, f"{command} >/dev/full")
    assert (told.returncode, told.stderr) == (
        exit_codes.USAGE,
        "Error: cannot write the answer: No space left on device\n",
    )


def test_a_closed_stdout_is_no_bug(tmp_path: Path) -> None:
    put(tmp_path)
    told = shell(tmp_path, f"{SOLVING} >&-")
    assert (told.returncode, told.stderr) == (
        exit_codes.USAGE,
        "Error: cannot write the answer: stdout is closed\n",
    )


@LINUX
@pytest.mark.parametrize("lost", ["2>&-", "2>/dev/full"])
def test_a_message_that_nobody_hears_keeps_its_exit_code(lost: str, tmp_path: Path) -> None:
    told = shell(tmp_path, f"{SOLVING} {lost}")
    assert (told.returncode, told.stdout, told.stderr) == (exit_codes.INVALID, "", "")


@pytest.mark.parametrize("command", [SOLVING, "$SW explain", f"{SOLVING} --nonsense 2>&1"])
def test_a_reader_may_stop_after_a_line(command: str, tmp_path: Path) -> None:
    put(tmp_path)
    told = shell(tmp_path, f"{command} | head -1; echo ${{PIPESTATUS[0]}}")
    first, code = told.stdout.splitlines()
    assert first
    assert int(code) in (exit_codes.OK, exit_codes.USAGE, exit_codes.HUNG_UP)
    assert told.stderr == ""


@pytest.mark.parametrize("encoding", ["ascii", "latin-1", "cp437"])
def test_a_terminal_without_utf_8_gets_plainer_characters(encoding: str, tmp_path: Path) -> None:
    put(tmp_path)
    environment = {**os.environ, "PYTHONIOENCODING": encoding}
    answer = run(tmp_path, *SOLVE, env=environment, errors="replace")
    assert (answer.returncode, answer.stderr) == (exit_codes.OK, "")
    assert encoding == "cp437" or "#........." in answer.stdout
    document = run(tmp_path, *SOLVE, "--format", "json", env=environment)
    assert json.loads(document.stdout)["status"] == "optimal"


@pytest.mark.parametrize("columns", ["0", "1", "-5", "x"])
def test_a_terminal_without_width_gets_readable_lines(columns: str, tmp_path: Path) -> None:
    put(tmp_path)
    answer = run(tmp_path, *SOLVE, env={**os.environ, "COLUMNS": columns})
    assert answer.stdout.startswith("optimal: 3 shards, ")


def test_the_result_goes_into_a_pipe_and_never_replaces_it(tmp_path: Path) -> None:
    put(tmp_path)
    os.mkfifo(tmp_path / "pipe")
    told = shell(tmp_path, f"{SOLVING} --output pipe >/dev/null & cat pipe; wait $!")
    assert json.loads(told.stdout)["status"] == "optimal"
    assert stat.S_ISFIFO((tmp_path / "pipe").lstat().st_mode)


def test_a_link_stays_a_link(tmp_path: Path) -> None:
    put(tmp_path)
    (tmp_path / "link.json").symlink_to("real.json")
    assert run(tmp_path, *SOLVE, "--output", "link.json").returncode == exit_codes.OK
    assert (tmp_path / "link.json").is_symlink()
    assert json.loads((tmp_path / "real.json").read_text())["status"] == "optimal"


def test_the_input_is_never_overwritten(tmp_path: Path) -> None:
    put(tmp_path)
    before = (tmp_path / "cluster.json").read_bytes()
    (tmp_path / "link.json").symlink_to("cluster.json")
    for output in ("cluster.json", "policy.json", "./cluster.json", "link.json"):
        answer = run(tmp_path, *SOLVE, "--output", output)
        assert (answer.returncode, answer.stdout) == (exit_codes.USAGE, "")
        assert "would overwrite the input" in answer.stderr
    assert (tmp_path / "cluster.json").read_bytes() == before


@pytest.mark.parametrize("output", ["nowhere/x.json", "policy.json/x.json", "."])
def test_an_output_that_cannot_be_written_is_told_before_solving(output: str, tmp_path: Path) -> None:
    put(tmp_path)
    (tmp_path / "cluster.json").write_text("not even read")
    answer = run(tmp_path, *SOLVE, "--output", output)
    assert (answer.returncode, answer.stdout) == (exit_codes.USAGE, "")
    assert "Error: " in answer.stderr
    assert "cluster.json" not in answer.stderr


def test_what_fmt_could_not_write_is_not_called_formatted(tmp_path: Path) -> None:
    put(tmp_path)
    told = shell(tmp_path, "$SW fmt <(cat policy.json)")
    assert (told.returncode, told.stdout) == (exit_codes.USAGE, "")
    assert told.stderr.startswith("Error: Could not open file '/dev/fd/")
