"""How kernels are compiled: once, and cached for as long as the kernels' sources are the same (cache.py)."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from shardwright.solver.search.cache import FOLDER

if FOLDER is not None and "NUMBA_CACHE_DIR" not in os.environ:
    os.environ["NUMBA_CACHE_DIR"] = str(FOLDER)

import numba


@contextmanager
def compiling() -> Iterator[None]:
    """Where kernels are called first: one process compiles them, the others wait for what it caches."""
    done = None if FOLDER is None else FOLDER / "compiled"
    if done is None or done.exists():
        yield
        return
    with (done.parent / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
    done.touch()


def kernel(function: Any) -> Any:
    """Compile a function on first use, and cache it."""
    return numba.njit(cache=True, nogil=True)(function)
