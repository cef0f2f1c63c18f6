"""Workers from the parent's side: start, listen to several, stop."""

from __future__ import annotations

import atexit
import os
import pickle
import queue
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import IO

import shardwright
from shardwright.solver.messages import Job, Message

JOBS_PER_PROCESS = 50
LIGHT_JOB = 2**18  # bytes of facts
MOST_IDLE = 4
LOOK_SECONDS = 0.1


# Modules of tasks whose processes take a while to load what they need.
NEEDS = {"anneal": "shardwright.solver.search.warm"}

COMPILING = "compiling"  # the reason of WorkerFailed where search had to compile its kernels first

# How libraries, and Python itself, say that there is no more memory.
OUT_OF_MEMORY = ("MemoryError", "bad_alloc", "failed to map", "Cannot allocate memory", "Unable to allocate")

# A moment on the monotonic clock, or a function that gives the present one; None: no deadline.
Deadline = float | None | Callable[[], float | None]


class WorkerFailed(Exception):
    """A worker ended without an answer. `setting` names the limit that it passed, if one."""

    def __init__(self, reason: str, text: str = "", setting: str | None = None) -> None:
        super().__init__(text or reason)
        self.reason = reason
        self.setting = setting


@dataclass
class _Process:
    """A worker process; `jobs` counts what it has done, for symbols are never freed. `knows`: the tasks for
    which it has loaded all that they need.
    """

    popen: subprocess.Popen[bytes]
    jobs: int = 0
    heavy: bool = False
    knows: frozenset[str] = frozenset()

    def kill(self) -> None:
        self.popen.kill()
        self.popen.wait()
        for stream in (self.popen.stdin, self.popen.stdout, self.popen.stderr):
            if stream is not None:
                _close(stream)

    @property
    def reusable(self) -> bool:
        return not self.heavy and self.jobs < JOBS_PER_PROCESS and self.popen.poll() is None


_idle: list[_Process] = []
_idle_lock = threading.Lock()


def _environment() -> dict[str, str]:
    """This environment, with a path on which the workers find the same package as we did."""
    path = [str(Path(shardwright.__file__).resolve().parents[1]), os.environ.get("PYTHONPATH", "")]
    return {**os.environ, "PYTHONPATH": os.pathsep.join(part for part in path if part)}


@contextmanager
def _undisturbed() -> Iterator[None]:
    """A signal that comes between a process's start and our knowing of it would leave it behind."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT, signal.SIGTERM})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _take(task: str) -> _Process:
    """A process that waits for work, or a new one; best one that knows the task.

    One that has loaded much for a task is kept for it: any other work may be its last.
    """
    with _idle_lock:
        while fit := [one for one in reversed(_idle) if task in one.knows or not one.knows & NEEDS.keys()]:
            process = max(fit, key=lambda one: (task in one.knows, -len(one.knows)))
            _idle.remove(process)
            if process.popen.poll() is None:
                return process
    return _new()


def _new(*tasks: str) -> _Process:
    modules = [NEEDS[task] for task in tasks]
    return _Process(
        subprocess.Popen(
            [sys.executable, "-m", "shardwright.solver.worker", *modules],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env=_environment(),
            start_new_session=True,  # a Ctrl-C goes to the parent, which decides
        ),
        knows=frozenset(tasks),
    )


def _give_back(process: _Process) -> None:
    with _idle_lock:
        if process.reusable and len(_idle) < MOST_IDLE:
            _idle.append(process)
            return
    process.kill()


def prepare(count: int = 1, *tasks: str) -> None:
    """Have processes ready for jobs to come: they start, and load what these tasks need, meanwhile."""
    with _idle_lock:
        ready = [one for one in _idle if one.popen.poll() is None]
        missing = min(count, MOST_IDLE) - sum(_is_for(one, tasks) for one in ready)
    for _ in range(missing):
        with _undisturbed():
            _give_back(_new(*tasks))


def _is_for(process: _Process, tasks: Sequence[str]) -> bool:
    """Whether it would be taken for these tasks, or for one that needs nothing."""
    return set(tasks) <= process.knows if tasks else not process.knows & NEEDS.keys()


def stop_idle() -> None:
    """End the processes that wait for work."""
    with _idle_lock:
        while _idle:
            _idle.pop().kill()


atexit.register(stop_idle)


class Workers:
    """A group of worker processes; leaving the context stops all of them."""

    def __init__(self) -> None:
        self._messages: queue.Queue[tuple[str, Message]] = queue.Queue()
        self._running: dict[str, _Process] = {}
        self._waiting: dict[str, tuple[float, Job]] = {}

    def __enter__(self) -> Workers:
        return self

    def __exit__(self, *_: type[BaseException] | BaseException | TracebackType | None) -> None:
        for name in list(self._running):
            self.stop(name)

    def start(self, name: str, job: Job) -> None:
        """Start a worker under a name."""
        with _undisturbed():
            process = self._running[name] = _take(job.task)
        process.jobs += 1
        process.knows |= {job.task}
        process.heavy = sum(map(len, job.facts)) > LIGHT_JOB
        threading.Thread(target=self._feed, args=(process.popen, job), daemon=True).start()
        threading.Thread(target=self._listen, args=(name, process.popen), daemon=True).start()

    def start_later(self, name: str, job: Job, seconds: float) -> None:
        """Start a worker after some time, if anybody still listens then."""
        self._waiting[name] = (time.monotonic() + seconds, job)

    def _start_due(self) -> None:
        due = [name for name, (moment, _) in self._waiting.items() if moment <= time.monotonic()]
        for name in due:
            self.start(name, self._waiting.pop(name)[1])

    def stop(self, name: str) -> None:
        """Kill a worker and wait for its end."""
        process = self._running.pop(name, None)
        if process is not None:
            process.kill()

    def _finish(self, name: str, message: Message) -> None:
        """Keep a worker that has done its job well for the next one."""
        process = self._running.pop(name)
        if message.kind == "done":
            _give_back(process)
        else:
            process.kill()

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(self._running)

    def messages(self, deadline: Deadline) -> Iterator[tuple[str, Message]]:
        """What the workers say, until the deadline (monotonic clock) or until all have ended."""
        while self._running or self._waiting:
            self._start_due()
            moment = deadline() if callable(deadline) else deadline
            left = None if moment is None else moment - time.monotonic()
            if left is not None and left <= 0:
                return
            try:
                # Short waits keep Ctrl-C prompt on every platform.
                name, message = self._messages.get(
                    timeout=LOOK_SECONDS if left is None else min(LOOK_SECONDS, left)
                )
            except queue.Empty:
                continue
            if name not in self._running:
                continue
            if message.kind in ("done", "error"):
                self._finish(name, message)
            yield name, message

    @staticmethod
    def _feed(process: subprocess.Popen[bytes], job: Job) -> None:
        assert process.stdin is not None
        try:
            pickle.dump(job, process.stdin)
            process.stdin.flush()
        except (BrokenPipeError, ValueError, OSError):
            return  # it has ended; the listener says how

    def _listen(self, name: str, process: subprocess.Popen[bytes]) -> None:
        assert process.stdout is not None
        assert process.stderr is not None
        while True:
            try:
                message: Message = pickle.load(process.stdout)
            except Exception:  # a worker that dies may leave half a message, which unpickles in any way
                break
            self._messages.put((name, message))
            if message.kind in ("done", "error"):
                return
        text = _rest(process)
        self._messages.put((name, Message("error", {"reason": "ended", "text": text or _killed(process)})))


def _rest(process: subprocess.Popen[bytes]) -> str:
    try:
        assert process.stderr is not None
        return process.stderr.read().decode(errors="replace").strip()
    except (ValueError, OSError):
        return ""


def _killed(process: subprocess.Popen[bytes]) -> str:
    """What a process that died without a word died of."""
    try:
        code = process.wait(LOOK_SECONDS)
    except subprocess.TimeoutExpired:
        return ""
    if code == -signal.SIGKILL:
        return "a worker was killed from outside (SIGKILL), as happens when the machine runs out of memory"
    return f"a worker ended by {signal.Signals(-code).name}" if code < 0 else ""


def _close(stream: IO[bytes]) -> None:
    try:
        stream.close()
    except (BrokenPipeError, OSError):
        return


def failure(message: Message, memory_limit_mb: int | None) -> WorkerFailed:
    """The exception for an error message."""
    reason = str(message.body.get("reason"))
    text = str(message.body.get("text", ""))
    if reason == "memory" or (memory_limit_mb is not None and any(sign in text for sign in OUT_OF_MEMORY)):
        return WorkerFailed(
            "memory", f"the worker needs more than `memory_limit_mb` = {memory_limit_mb}", "memory_limit_mb"
        )
    if reason == "rule_limit":
        value = message.body.get("value")
        return WorkerFailed(reason, f"grounding passed `rule_limit` = {value:g}", "rule_limit")
    return WorkerFailed(reason, text or "a worker ended without a word")


def ask(job: Job, deadline: float | None) -> Message:
    """Run one worker to its last message."""
    with Workers() as workers:
        workers.start("only", job)
        for _, message in workers.messages(deadline):
            if message.kind == "error":
                raise failure(message, job.memory_limit_mb)
            if message.kind == "done":
                return message
    raise WorkerFailed("time_limit", "the time limit came first", "time_limit")
