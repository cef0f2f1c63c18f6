"""How kernels are compiled: once, and cached for as long as the kernels' sources are the same.

Numba's own cache looks at the file of a function alone, not at those that it calls: a kernel would go on with
an old callee. So each state of all sources has a cache folder of its own.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
KERNELS = HERE / "kernels"
CACHES = HERE / "__pycache__"


def fingerprint() -> str:
    """A hash over the sources that kernels are made of."""
    sources = [HERE / "tables.py", *sorted(KERNELS.glob("*.py"))]
    return hashlib.sha256(b"\0".join(path.read_bytes() for path in sources)).hexdigest()[:16]


def _folder() -> Path | None:
    """The cache folder of these sources; None where nothing can be written (numba then finds its own)."""
    folder = CACHES / f"kernels-{fingerprint()}"
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError:
        return None
    if not os.access(folder, os.W_OK):
        return None
    for old in CACHES.glob("kernels-*"):
        if old != folder:
            shutil.rmtree(old, ignore_errors=True)
    return folder


_FOLDER = _folder()
if _FOLDER is not None and "NUMBA_CACHE_DIR" not in os.environ:
    os.environ["NUMBA_CACHE_DIR"] = str(_FOLDER)

import numba  # noqa: E402  (it reads the variable when it is imported)


def is_compiled() -> bool:
    """Whether the kernels of these sources are in the cache."""
    return _FOLDER is not None and (_FOLDER / "compiled").exists()


@contextmanager
def compiling() -> Iterator[None]:
    """Where kernels are called first: one process compiles them, the others wait for what it caches."""
    done = None if _FOLDER is None else _FOLDER / "compiled"
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
