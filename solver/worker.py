"""A process that grounds and solves programs one by one: `python -m shardwright.solver.worker`.

Grounding cannot be interrupted and clingo never frees its symbols, so programs live in processes that can
be killed. Jobs come pickled on stdin, messages go pickled to stdout. When the parent is gone, however it
ended, so is the process.
"""

from __future__ import annotations

import importlib
import os
import pickle
import signal
import sys
import threading
import time
from typing import Any, BinaryIO

from shardwright.solver.messages import Job, Message

LOOK_SECONDS = 0.5


def main() -> None:
    """Read jobs, do them, say what comes out, until stdin ends. The arguments name modules to have loaded."""
    signal.pthread_sigmask(
        signal.SIG_UNBLOCK, {signal.SIGINT, signal.SIGTERM}
    )  # blocked while we were started
    out = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # whatever a library prints must not get between the messages
    threading.Thread(target=_end_with_parent, args=(os.getppid(),), daemon=True).start()
    for module in sys.argv[1:]:
        importlib.import_module(module)
    while True:
        try:
            job: Job = pickle.load(sys.stdin.buffer)
        except EOFError:
            os._exit(0)
        _attempt(job, out)


def _attempt(job: Job, out: BinaryIO) -> None:
    _limit_memory(job.memory_limit_mb)
    try:
        _do(job, out)
    except MemoryError:
        _send(out, Message("error", {"reason": "memory"}))
    except Exception as error:  # the parent decides what an error means
        _send(out, Message("error", _reason(error)))


def _end_with_parent(parent: int) -> None:
    """A parent that was killed cannot stop us, and a worker deep in grounding reads no stdin."""
    while os.getppid() == parent:
        time.sleep(LOOK_SECONDS)
    os._exit(1)


def _limit_memory(megabytes: int | None) -> None:
    if sys.platform == "darwin":  # macOS knows the limit but does not keep it
        return
    import resource

    _, hard = resource.getrlimit(resource.RLIMIT_AS)
    soft = hard if megabytes is None else megabytes << 20
    resource.setrlimit(resource.RLIMIT_AS, (soft, hard))


def _reason(error: Exception) -> dict[str, Any]:
    from shardwright.solver.logic import GroundingLimit

    if isinstance(error, GroundingLimit):
        return {"reason": error.setting, "value": error.value}
    return {"reason": "defect", "text": f"{type(error).__name__}: {error}"}


def _send(out: BinaryIO, message: Message) -> None:
    pickle.dump(message, out)
    out.flush()


def _do(job: Job, out: BinaryIO) -> None:
    if job.task == "anneal":  # numba takes a while to load: only where it is needed
        from shardwright.solver.search.anneal import run

        for message in run(lambda m: _send(out, m), **job.arguments):
            _send(out, message)
        return
    from shardwright.solver import tasks
    from shardwright.solver.logic import Ground

    ground = Ground(job.programs, job.facts, job.options, job.rule_limit)
    _send(out, Message("grounded", {}))
    task = getattr(tasks, job.task)
    for message in task(ground, lambda m: _send(out, m), **job.arguments):
        _send(out, message)


if __name__ == "__main__":
    main()
