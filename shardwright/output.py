"""JSON for scripts: one document on stdout, or a file that is whole or not there."""

from __future__ import annotations

import os
import sys
import tempfile
from errno import EACCES, ENOENT, ENOTDIR
from pathlib import Path
from typing import Any

import click
import orjson

_LAYOUT = orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE | orjson.OPT_SERIALIZE_NUMPY


def print_json(document: Any) -> None:
    """Print a document on stdout and nothing else."""
    sys.stdout.write(orjson.dumps(document, option=_LAYOUT).decode())
    sys.stdout.flush()


def refuse_unwritable(path: Path) -> None:
    """Say now, not after a long solve, that a file cannot be written."""
    folder = Path(os.path.realpath(path)).parent
    if not folder.is_dir():
        raise click.FileError(str(path), hint=os.strerror(ENOTDIR if folder.exists() else ENOENT))
    if not os.access(folder if not path.exists() else path, os.W_OK):
        raise click.FileError(str(path), hint=os.strerror(EACCES))


def save_json(document: Any, path: Path) -> None:
    """Write a document so that a reader, or a crash, never sees half of it."""
    _save(orjson.dumps(document, option=_LAYOUT), path)


def save_text(text: str, path: Path) -> None:
    """The same for a text."""
    _save(text.encode("utf-8", "backslashreplace"), path)


def _save(content: bytes, path: Path) -> None:
    try:
        # A link stays a link: what it leads to is replaced.
        target = Path(os.path.realpath(path))
        if target.exists() and not target.is_file():
            # A device or a pipe (/dev/stdout, /dev/null) is written to; a rename would destroy it.
            path.write_bytes(content)
        else:
            _replace(content, target)
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
