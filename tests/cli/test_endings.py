"""Every way in which a command ends has its exit code, and says no more than is useful."""

from __future__ import annotations

import subprocess
import sys

import click
import pytest

from shardwright import exit_codes
from shardwright.cli import COMMANDS, main
from shardwright.endings import Manner, run


def fail() -> object:
    raise ZeroDivisionError("division by zero")


def interrupt() -> object:
    raise KeyboardInterrupt


def test_a_bug_is_one_clear_line_and_how_to_report_it(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(fail, Manner(["solve", "--cluster", "my file"])) == exit_codes.INTERNAL
    out, err = capsys.readouterr()
    assert out == ""
    assert err.splitlines() == [
        "internal error: ZeroDivisionError: division by zero",
        "This is a bug in Shardwright. Please report it with the output of: "
        "shardwright --debug solve --cluster 'my file'",
    ]


def test_the_traceback_of_a_bug_comes_with_debug_only(capsys: pytest.CaptureFixture[str]) -> None:
    run(fail, Manner([], debug=True))
    assert "Traceback" in capsys.readouterr().err


@pytest.mark.parametrize("ending", [interrupt, lambda: (_ for _ in ()).throw(click.Abort)])
def test_an_interruption_is_one_line(ending: object, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(ending, Manner([])) == exit_codes.INTERRUPTED  # type: ignore[arg-type]
    assert capsys.readouterr() == ("", "interrupted\n")


@pytest.mark.parametrize(
    "arguments", [["nonsense"], ["solve"], ["solve", "--workers", "none"], ["--nonsense"]]
)
def test_wrong_usage_ends_with_2(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(arguments) == exit_codes.USAGE
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith("Usage: shardwright ")


def test_help_names_every_command(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--help"]) == exit_codes.OK
    out = capsys.readouterr().out
    assert [name for name in COMMANDS if f"\n  {name} " not in out] == []


def test_a_reader_that_goes_away_is_not_an_error() -> None:
    command = [sys.executable, "-m", "shardwright", "solve", "--help"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        told = process.stderr.read()
    assert (process.returncode, told) == (exit_codes.HUNG_UP, "")


@pytest.mark.parametrize("command", ["check", "fmt", "explain", "solve", "certify", "compile"])
def test_a_command_is_found_without_loading_a_solver(command: str) -> None:
    heavy = ("clingo", "numpy", "networkx", "rocksdict")
    script = (
        "import sys; from shardwright.cli import cli; "
        f"cli.get_command(None, {command!r}); "
        f"print([name for name in {heavy!r} if name in sys.modules])"
    )
    told = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert told.stdout == "[]\n"
