"""Keys as bytes whose order is that of the keys: texts by code point, numbers by size.

A number is eight bytes, the most significant first; a text its UTF-8 and a zero byte, which no text
contains. A key's parts follow each other, so the keys that begin with some parts stand together.
"""

from __future__ import annotations

from collections.abc import Iterable

from shardwright.store.engine import Key


def encode(parts: Iterable[Key]) -> bytes:
    """The bytes of a key, or of the beginning of one."""
    return b"".join(map(_part, parts))


def _part(part: Key) -> bytes:
    if isinstance(part, int):
        return part.to_bytes(8, "big")
    if "\0" in part:
        raise ValueError("a key cannot contain the NUL character")
    return part.encode("utf-8") + b"\0"


def after(prefix: bytes) -> bytes | None:
    """The first bytes after all that begin with a prefix; None where there are none."""
    kept = prefix.rstrip(b"\xff")
    return kept[:-1] + bytes([kept[-1] + 1]) if kept else None
