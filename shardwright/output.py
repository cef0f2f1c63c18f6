"""JSON for scripts: one document on stdout, or a file that is whole or not there."""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path
from typing import Any

import click
import orjson

_LAYOUT = orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE | orjson.OPT_SERIALIZE_NUMPY


def print_json(document: Any) -> None:
    """Print a document on stdout and nothing else."""
    sys.stdout.write(orjson.dumps(document, option=_LAYOUT).decode())
    sys.stdout.flush()


def save_json(document: Any, path: Path) -> None:
    """Write a document so that a reader, or a crash, never sees half of it."""
    try:
        _replace(orjson.dumps(document, option=_LAYOUT), path)
    except OSError as error:
        raise click.FileError(str(path), hint=error.strerror or str(error)) from error


def _replace(content: bytes, path: Path) -> None:
    # In the same folder: a rename is atomic only within a file system.
    handle, draft = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.chmod(draft, _mode(path))
        os.replace(draft, path)
    except BaseException:
        os.unlink(draft)
        raise


def _mode(path: Path) -> int:
    """The mode of the file that is replaced; of a new file what the umask leaves (mkstemp gives 0600)."""
    if path.exists():
        return path.stat().st_mode & 0o777
    mask = os.umask(0)
    os.umask(mask)
    return 0o666 & ~mask
