"""A command that is stopped from outside says so in a line and leaves nothing running."""

from __future__ import annotations

import contextlib
import json
import os
import pty
import re
import select
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from shardwright import exit_codes
from shardwright.endings import Interrupted, Manner, run

POLICY = {
    "name": "spread-zones",
    "type": "replication",
    "enforcement": "required",
    "actions": {"replication": {"spread": {"by": "zone", "max": 1}}},
}

EVEN = {
    "name": "even",
    "type": "load_balancing",
    "actions": {"load_balancing": {"tolerance": 0}},
}
SECONDS_TO_AN_ANSWER = 120


def cluster(shards: int) -> dict[str, object]:
    """Large enough to keep a solver busy for much longer than the test."""
    nodes = [
        {"id": f"n{at}", "labels": {"zone": f"z{at % 6}"}, "capacity": {"cpu": 9000}}
        for at in range(max(7, shards // 40))
    ]
    shards = [{"id": f"s{at}", "replicas": 3, "load": {"cpu": 13 + at * 61 % 97}} for at in range(shards)]
    return {"resources": {"cpu": {}}, "nodes": nodes, "shards": shards}


@contextmanager
def solving(
    folder: Path, *options: str, shards: int = 4000, stderr: int = subprocess.PIPE
) -> Iterator[subprocess.Popen[str]]:
    """A solve in a process group of its own, as a shell would start it."""
    (folder / "policy.json").write_text(json.dumps([POLICY, EVEN]))
    (folder / "cluster.json").write_text(json.dumps(cluster(shards)))
    command = [sys.executable, "-m", "shardwright", "solve"]
    command += ["--policies", "policy.json", "--cluster", "cluster.json", *options]
    with subprocess.Popen(
        command, cwd=folder, stdout=subprocess.PIPE, stderr=stderr, text=True, start_new_session=True
    ) as process:
        try:
            yield process
        finally:
            process.kill()


def workers(process: subprocess.Popen[str]) -> list[int]:
    """The children, as soon as there are any."""
    for _ in range(200):
        found = subprocess.run(
            ["pgrep", "-P", str(process.pid)], capture_output=True, text=True, check=False
        ).stdout
        if found:
            return [int(word) for word in found.split()]
        time.sleep(0.1)
    raise AssertionError("no worker was started")


def gone(pid: int) -> bool:
    """Whether a process has ended; one that has been told to may be about to."""
    for _ in range(20):
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            return True
        time.sleep(0.1)
    return False


@pytest.mark.parametrize(
    ("number", "code", "told"),
    [
        (signal.SIGINT, exit_codes.INTERRUPTED, "interrupted\n"),
        (signal.SIGTERM, exit_codes.TERMINATED, ""),
    ],
)
@pytest.mark.parametrize("everyone", [True, False], ids=["to the group", "to the command"])
def test_nothing_is_left_running(
    number: signal.Signals, code: int, told: str, everyone: bool, tmp_path: Path
) -> None:
    """Ctrl-C reaches the whole group, a supervisor's signal the command only."""
    with solving(tmp_path) as process:
        children = workers(process)
        (os.killpg if everyone else os.kill)(process.pid, number)
        out, err = process.communicate(timeout=20)
        assert (process.returncode, out, err) == (code, "", told)
        assert [pid for pid in children if not gone(pid)] == []


@pytest.mark.parametrize(("strategy", "shards"), [("search", 4000), ("exact", 100)])
def test_ctrl_c_gives_the_best_answer_so_far(strategy: str, shards: int, tmp_path: Path) -> None:
    """Once there is one, it is certified and shown; the result says that it was cut short."""
    options = ("--strategy", strategy, "--format", "json", "--time-limit", "300")
    terminal, stderr = pty.openpty()
    with solving(tmp_path, *options, shards=shards, stderr=stderr) as process:
        wait_for(terminal, rb"(?<!broken, )cost ")  # an answer that breaks nothing
        os.kill(process.pid, signal.SIGINT)
        out, _ = process.communicate(timeout=60)
    assert process.returncode == exit_codes.OK
    result = json.loads(out)
    assert result["limits"] == ["interrupt"]
    assert result["certificate"]["certified"]


def wait_for(terminal: int, pattern: bytes) -> None:
    """Read what is written to a terminal until the pattern comes; what comes later is left to nobody."""
    seen, deadline = b"", time.monotonic() + SECONDS_TO_AN_ANSWER
    while not re.search(pattern, seen):
        ready, _, _ = select.select([terminal], [], [], 1.0)
        if ready:
            seen += os.read(terminal, 4096)
        assert time.monotonic() < deadline, seen
    threading.Thread(target=_drain, args=(terminal,), daemon=True).start()


def _drain(terminal: int) -> None:
    """A terminal that nobody reads would stop whoever writes to it."""
    with contextlib.suppress(OSError):
        while os.read(terminal, 4096):
            pass


def test_an_interrupt_that_a_library_made_an_error_of_is_still_one(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A module in C that is interrupted while it is loaded says that it could not be initialised."""
    monkeypatch.setattr(Interrupted, "came", True)

    def load() -> None:
        raise SystemError("initialization raised unreported exception")

    assert run(load, Manner([])) == exit_codes.INTERRUPTED
    assert capsys.readouterr().err == "interrupted\n"


@pytest.mark.parametrize(
    ("number", "code", "told"),
    [
        (signal.SIGINT, exit_codes.INTERRUPTED, "interrupted\n"),
        (signal.SIGTERM, exit_codes.TERMINATED, ""),
    ],
)
def test_a_signal_that_comes_while_an_object_is_cleaned_up_is_not_lost(
    number: signal.Signals, code: int, told: str
) -> None:
    """No exception gets out of `__del__`; twice in a row here."""
    program = f"""
import signal, sys, time
from shardwright import cli
from shardwright.endings import Manner, run

class Freed:
    def __del__(self):
        signal.raise_signal({int(number)})
        time.sleep(0.05)

def command():
    Freed()
    Freed()
    time.sleep(10)

cli._heed_signals()
sys.exit(run(command, Manner([])))
"""
    ended = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=30)
    assert (ended.returncode, ended.stdout, ended.stderr) == (code, "", told)
