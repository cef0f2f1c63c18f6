"""A process that grounds and solves one program, then ends: `python -m shardwright.solver.worker`.

Grounding cannot be interrupted and clingo never frees its symbols, so every program gets a process that
can be killed. The job comes pickled on stdin, messages go pickled to stdout; when stdin closes (the
parent has ended, however) the process ends too.
"""

from __future__ import annotations

import os
import pickle
import sys
import threading
from typing import Any, BinaryIO

from shardwright.solver.messages import Job, Message


def main() -> None:
    """Read a job, do it, say what came out."""
    out = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # whatever a library prints must not get between the messages
    job: Job = pickle.load(sys.stdin.buffer)
    threading.Thread(target=_end_with_parent, daemon=True).start()
    _limit_memory(job.memory_limit_mb)
    try:
        _do(job, out)
    except MemoryError:
        _send(out, Message("error", {"reason": "memory"}))
    except Exception as error:  # the parent decides what an error means
        _send(out, Message("error", _reason(error)))
    out.flush()
    os._exit(0)


def _end_with_parent() -> None:
    sys.stdin.buffer.read()
    os._exit(1)


def _limit_memory(megabytes: int | None) -> None:
    if megabytes is not None and sys.platform != "darwin":  # macOS knows the limit but does not keep it
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (megabytes << 20, megabytes << 20))


def _reason(error: Exception) -> dict[str, Any]:
    from shardwright.solver.logic import GroundingLimit

    if isinstance(error, GroundingLimit):
        return {"reason": error.setting, "value": error.value}
    if "bad_alloc" in str(error):
        return {"reason": "memory"}
    return {"reason": "defect", "text": f"{type(error).__name__}: {error}"}


def _send(out: BinaryIO, message: Message) -> None:
    pickle.dump(message, out)
    out.flush()


def _do(job: Job, out: BinaryIO) -> None:
    from shardwright.solver import tasks
    from shardwright.solver.logic import Ground, GroundLimits

    ground = Ground(job.programs, job.facts, job.options, GroundLimits(job.rule_limit))
    _send(out, Message("grounded", {}))
    task = getattr(tasks, job.task)
    for message in task(ground, lambda m: _send(out, m), **job.arguments):
        _send(out, message)


if __name__ == "__main__":
    main()
