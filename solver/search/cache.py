"""Where compiled kernels are kept: a folder for each state of all their sources.

Numba's own cache looks at the file of a function alone, not at those that it calls: a kernel would go on with
an old callee.
"""

from __future__ import annotations

import hashlib
import os
import shutil
from pathlib import Path

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


FOLDER = _folder()


def is_compiled() -> bool:
    """Whether the kernels of these sources are in the cache."""
    return FOLDER is not None and (FOLDER / "compiled").exists()
