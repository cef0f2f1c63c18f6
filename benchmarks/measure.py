"""Runs a command and tells what it took: seconds, processor seconds, memory of the process tree."""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import threading
import time
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path
from typing import Any

SAMPLE_SECONDS = 0.1


@dataclass(frozen=True)
class Run:
    """`mebibytes` is the largest sampled sum over the process tree, shared pages counted once; None
    where the system does not tell. `answer` is what the command wrote as JSON."""

    seconds: float
    cpu_seconds: float
    mebibytes: int | None
    answer: dict[str, Any]


class Failed(Exception):
    """A command ended badly; the text is the end of what it said."""


def run(script: Path, options: dict[str, Any], folder: Path, python: str | Path = sys.executable) -> Run:
    """Run a script that takes its options as one JSON argument and writes JSON to the path `answer`."""
    answer = folder / "answer.json"
    answer.unlink(missing_ok=True)
    command = [str(python), str(script), json.dumps({**options, "answer": str(answer)})]
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    started = time.monotonic()
    with (folder / "said.txt").open("w+") as said:
        with subprocess.Popen(command, stdout=said, stderr=said) as process:
            largest = watched(process)
        seconds = time.monotonic() - started
        said.seek(0)
        if process.returncode != 0 or not answer.exists():
            raise Failed(f"{script.name} ended with {process.returncode}: {said.read()[-2000:]}")
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return Run(seconds, cpu, largest, json.loads(answer.read_bytes()))


def watched(process: subprocess.Popen[bytes]) -> int | None:
    """Wait for a process; the largest memory of its tree, in MiB."""
    sizes: list[int] = []
    ended = threading.Event()
    watcher = threading.Thread(target=_watch, args=(process.pid, sizes, ended))
    watcher.start()
    try:
        process.wait()
    except BaseException:
        process.kill()
        raise
    finally:
        ended.set()
        watcher.join()
    return max(sizes) >> 20 if any(sizes) else None


def _watch(root: int, sizes: list[int], ended: threading.Event) -> None:
    while not ended.wait(SAMPLE_SECONDS):
        sizes.append(sum(proportional(pid) for pid in tree(root)))


def tree(root: int) -> list[int]:
    """A process and its descendants; nothing where there is no /proc."""
    children: dict[int, list[int]] = defaultdict(list)
    for status in Path("/proc").glob("[0-9]*/stat"):
        try:
            # The name is in brackets and may hold anything; state and parent follow it.
            parent = int(status.read_text().rpartition(")")[2].split()[1])
        except (OSError, IndexError):
            continue  # ended meanwhile
        children[parent].append(int(status.parent.name))
    found = [root] if Path(f"/proc/{root}").exists() else []
    for pid in found:
        found.extend(children[pid])
    return found


def proportional(pid: int) -> int:
    """Bytes of memory of a process; a page that n processes share counts 1/n (PSS)."""
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0
    return sum(int(line.split()[1]) << 10 for line in lines if line.startswith("Pss:"))
