"""Environments of their own for the peers: what they need never comes near Shardwright's."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

FOLDER = Path(__file__).resolve().parent.parent / ".peers"


@dataclass(frozen=True)
class Peer:
    """A distribution to install and the oldest Python that it runs on."""

    name: str
    requirement: str
    oldest: tuple[int, int]


REBALANCER = Peer("rebalancer", "rebalancer==1.0.4", (3, 12))
CP_SAT = Peer("cp-sat", "ortools==9.15.6755", (3, 9))


class NoPython(Exception):
    """No interpreter that a peer runs on was found."""


def python_of(peer: Peer, named: str | None = None) -> Path:
    """The interpreter of a peer's environment, which is made when it is first asked for."""
    home = FOLDER / peer.name
    python, mark = home / "bin" / "python", home / "installed"
    if not mark.exists() or mark.read_text() != peer.requirement:
        base = interpreter(peer, named)
        print(f"making {home} with {base}", file=sys.stderr, flush=True)
        subprocess.run([base, "-m", "venv", "--clear", home], check=True)
        quiet = ["--quiet", "--disable-pip-version-check"]
        subprocess.run([python, "-m", "pip", "install", *quiet, peer.requirement], check=True)
        mark.write_text(peer.requirement)
    return python


def interpreter(peer: Peer, named: str | None) -> str:
    """The first Python that is new enough: the one named, this one, the path's, those of pyenv and uv."""
    for candidate in [named] if named else candidates():
        if candidate and version(candidate) >= peer.oldest:
            return candidate
    wanted = ".".join(map(str, peer.oldest))
    raise NoPython(
        f"{peer.requirement} needs Python {wanted} or newer, and none was found"
        f"{' at ' + named if named else ''}; name one with --python PATH"
    )


def candidates() -> Iterator[str]:
    yield sys.executable
    for minor in (13, 12, 14):
        yield from filter(None, [shutil.which(f"python3.{minor}")])
    pyenv = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv"))
    uv = Path(os.environ.get("UV_PYTHON_INSTALL_DIR", Path.home() / ".local/share/uv/python"))
    for folder in (pyenv / "versions", uv):
        yield from map(str, sorted(folder.glob("*3.1[234]*/bin/python3")))


def version(python: str) -> tuple[int, int]:
    """Major and minor of an interpreter; (0, 0) if it does not run (a shim without its version, say)."""
    ask = "import ensurepip, sys, venv; print(*sys.version_info[:2])"
    try:
        told = subprocess.run([python, "-c", ask], capture_output=True, text=True, check=True).stdout
    except (OSError, subprocess.CalledProcessError):
        return 0, 0
    major, minor = map(int, told.split())
    return major, minor
