"""Whoever is killed, nothing is left running, and whoever is left says what happened."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from shardwright import exit_codes
from tests.cli.bad import COMMAND, SOLVE, large, put

pytestmark = pytest.mark.skipif(not os.path.exists("/proc/self/stat"), reason="looks at /proc")


@contextmanager
def solving(folder: Path, *options: str) -> Iterator[subprocess.Popen[str]]:
    put(folder, cluster=large())
    command = [*COMMAND, *SOLVE, *options]
    pipe = subprocess.PIPE
    with subprocess.Popen(
        command, cwd=folder, stdout=pipe, stderr=pipe, text=True, start_new_session=True
    ) as process:
        try:
            yield process
        finally:
            process.kill()


def status(pid: int) -> list[str]:
    """State and parent of a process; a zombie has ended and only waits to be asked how."""
    try:
        found = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except (FileNotFoundError, ProcessLookupError):
        return []
    return [] if found[0] == "Z" else found


def children(parent: int) -> list[int]:
    pids = [int(name) for name in os.listdir("/proc") if name.isdecimal()]
    return [pid for pid in pids if (found := status(pid)) and int(found[1]) == parent]


def becomes(true: Callable[[], object], seconds: float) -> bool:
    end = time.monotonic() + seconds
    while not true() and time.monotonic() < end:
        time.sleep(0.05)
    return bool(true())


def workers(process: subprocess.Popen[str]) -> list[int]:
    assert becomes(lambda: children(process.pid), 20), "no worker was started"
    time.sleep(0.5)  # deep in the work
    return children(process.pid)


@pytest.mark.parametrize("strategy", ["exact", "search"])
def test_workers_end_by_themselves_when_their_parent_is_killed(strategy: str, tmp_path: Path) -> None:
    with solving(tmp_path, "--strategy", strategy) as process:
        running = workers(process)
        process.kill()
        process.wait()
        assert becomes(lambda: not any(map(status, running)), 2)


@pytest.mark.parametrize("strategy", ["exact", "search"])
def test_a_worker_that_is_killed_is_told(strategy: str, tmp_path: Path) -> None:
    """Usually it was the kernel, for want of memory."""
    with solving(tmp_path, "--strategy", strategy) as process:
        running = workers(process)
        for pid in running:
            os.kill(pid, signal.SIGKILL)
        out, err = process.communicate(timeout=20)
        assert (process.returncode, out) == (exit_codes.INTERNAL, "")
        assert err.startswith("error[E5100]: no answer: a worker was killed from outside (SIGKILL)")
        assert "Traceback" not in err
        assert not any(map(status, running))


@pytest.mark.parametrize("wait", [0.3, 0.5, 0.7, 0.9])
def test_ctrl_c_is_one_line_and_130_at_any_moment(wait: float, tmp_path: Path) -> None:
    """Even while modules are loaded, when Python would end itself with the signal."""
    with solving(tmp_path) as process:
        time.sleep(wait)
        running = children(process.pid)
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=20)
        assert (process.returncode, out, err) == (exit_codes.INTERRUPTED, "", "interrupted\n")
        assert not any(map(status, running))
