"""What goes where: answers on stdout or into a file, everything else on stderr."""

from __future__ import annotations

import json
import os
import pty
import subprocess
import sys
from pathlib import Path

import pytest

from shardwright import api, exit_codes
from shardwright.cli import cli, main
from shardwright.output import save_json

ROOT = Path(__file__).parents[2]
FIRST = ROOT / "examples" / "first"
SOLVE = ["solve", "--policies", str(FIRST / "policies"), "--cluster", str(FIRST / "cluster.json")]


def test_json_is_one_document_and_nothing_else(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([*SOLVE, "--format", "json"]) == exit_codes.OK
    out, err = capsys.readouterr()
    assert (json.loads(out)["status"], err) == ("optimal", "")


def test_the_result_in_a_file_is_what_certify_takes(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "result.json"
    assert main([*SOLVE, "--output", str(file)]) == exit_codes.OK
    assert capsys.readouterr().out.startswith("optimal: ")
    assert main(["certify", *SOLVE[1:], "--placement", str(file), "--format", "json"]) == exit_codes.OK
    certified = json.loads(capsys.readouterr().out)
    assert certified["certificate"]["terms"] == json.loads(file.read_text())["certificate"]["terms"]


def test_a_file_that_cannot_be_written_is_wrong_usage(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([*SOLVE, "--output", str(tmp_path / "nowhere" / "result.json")]) == exit_codes.USAGE
    assert "No such file or directory" in capsys.readouterr().err


def test_a_failed_write_leaves_the_old_file_and_no_draft(tmp_path: Path) -> None:
    file = tmp_path / "result.json"
    save_json({"a": 1}, file)
    with pytest.raises(TypeError):
        save_json({"a": object()}, file)
    assert [path.name for path in tmp_path.iterdir()] == ["result.json"]
    assert json.loads(file.read_text()) == {"a": 1}


def test_a_file_keeps_its_mode_and_a_new_one_follows_the_umask(tmp_path: Path) -> None:
    kept, new = tmp_path / "kept.json", tmp_path / "new.json"
    kept.touch(mode=0o600)
    before = os.umask(0o027)
    try:
        save_json({}, kept)
        save_json({}, new)
    finally:
        os.umask(before)
    assert [path.stat().st_mode & 0o777 for path in (kept, new)] == [0o600, 0o640]


def test_errors_are_told_in_the_format_that_was_asked_for(capsys: pytest.CaptureFixture[str]) -> None:
    wrong = ["solve", "--policies", "nowhere", "--cluster", SOLVE[-1]]
    assert main([*wrong, "--format", "json"]) == main(wrong) == exit_codes.INVALID
    out, err = capsys.readouterr()
    assert [item["code"] for item in json.loads(out)["diagnostics"]] == ["E2101"]
    assert err.startswith("error[E2101]: ")


def test_the_default_time_limit_is_the_library_s() -> None:
    command = cli.get_command(None, "solve")  # type: ignore[arg-type]
    assert command is not None
    (option,) = [option for option in command.params if option.name == "time_limit"]
    assert option.default == api.DEFAULT_TIME_LIMIT


def test_progress_is_shown_on_a_terminal_only_after_a_second(tmp_path: Path) -> None:
    script = (
        "import time; from shardwright.report.progress import progress\n"
        "with progress('solving') as tell: time.sleep({}); tell('best cost 3')\n"
        "print('done')"
    )
    quick, slow = (on_terminal(script.format(wait)) for wait in (0.1, 1.5))
    assert quick == ("done\n", "")
    assert slow[0] == "done\n"
    assert "solving" in slow[1]


def on_terminal(script: str) -> tuple[str, str]:
    """Stdout from a pipe, stderr from a terminal."""
    ours, theirs = pty.openpty()
    environment = {**os.environ, "TERM": "xterm"}
    with subprocess.Popen(
        [sys.executable, "-c", script], stdout=subprocess.PIPE, stderr=theirs, env=environment, text=True
    ) as process:
        out, _ = process.communicate(timeout=30)
    os.close(theirs)
    return out, drained(ours)


def drained(terminal: int) -> str:
    os.set_blocking(terminal, False)
    try:
        return os.read(terminal, 100_000).decode()
    except OSError:  # nothing was written
        return ""
    finally:
        os.close(terminal)
