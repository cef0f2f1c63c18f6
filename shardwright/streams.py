"""Stdout and stderr, whatever they are: closed, full, gone, or of an encoding that knows few characters."""

from __future__ import annotations

import codecs
import errno
import io
import os
import sys
from collections.abc import Callable
from typing import TextIO

# What the pages draw with, for terminals that cannot show it.
_PLAINER = {"█": "#", "░": ".", "→": ">", "≥": ">=", "≤": "<=", "·": "."}
_UNWRITTEN = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO, errno.EBADF)


def prepare() -> None:
    """Make both streams take every character; without a stderr, messages go nowhere."""
    if sys.stderr is None:
        sys.stderr = open(os.devnull, "w")  # noqa: SIM115 (for the rest of the process)
    codecs.register_error("shardwright", _plainer)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="shardwright")


def speak_utf8() -> None:
    """For the formats of scripts, which are UTF-8 wherever they are written."""
    if isinstance(sys.stdout, io.TextIOWrapper) and not _is_utf8(sys.stdout):
        sys.stdout.reconfigure(encoding="utf-8")


def is_unwritten(error: OSError) -> bool:
    """Whether an error is that of a stream that cannot be written to: those of files name the file."""
    return error.filename is None and error.errno in _UNWRITTEN


def silence(*streams: TextIO) -> None:
    """Let what Python still holds back vanish: its own flush at exit must not complain."""
    for stream in streams:
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


def tell(say: Callable[[], object]) -> None:
    """Say something on stderr; where that cannot be written, the exit code has to do."""
    try:
        say()
        sys.stderr.flush()
    except BrokenPipeError:
        raise
    except OSError:
        silence(sys.stderr)


def _is_utf8(stream: io.TextIOWrapper) -> bool:
    return codecs.lookup(stream.encoding).name == "utf-8"


def _plainer(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeEncodeError):
        raise error
    lost = error.object[error.start : error.end]
    plain = (_PLAINER.get(char) or char.encode("ascii", "backslashreplace").decode() for char in lost)
    return "".join(plain), error.end
