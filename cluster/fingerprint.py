"""The hash of a cluster: over what it says, not how it was written."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from typing import Any

import numpy as np

from shardwright.cluster.cluster import Cluster


def fingerprint(cluster: Cluster) -> str:
    """The sha256 of a cluster's columns, the same on every machine, in whatever order it was written."""
    digest = hashlib.sha256()
    for field in fields(cluster):
        if field.name not in ("hash", "node_places", "shard_places"):
            for part in _parts(field.name, getattr(cluster, field.name)):
                # The length before each part keeps neighbours apart.
                digest.update(len(part).to_bytes(8, "little"))
                digest.update(part)
    return digest.hexdigest()


def _parts(name: str, value: Any) -> Iterator[bytes]:
    """The name of a value and its content as bytes."""
    yield name.encode()
    if isinstance(value, np.ndarray):
        yield _array(value)
    elif is_dataclass(value):
        for field in fields(value):
            yield from _parts(field.name, getattr(value, field.name))
    elif isinstance(value, dict):
        for key in sorted(value):
            yield from _parts(key, value[key])
    elif isinstance(value, tuple):
        yield from _tuple(value)
    else:
        yield _scalar(value)


def _tuple(value: tuple[Any, ...]) -> Iterator[bytes]:
    yield str(len(value)).encode()
    if all(isinstance(item, str) for item in value):
        # Ids and label values: lengths and one long text, instead of 100,000 small parts.
        yield np.fromiter(map(len, value), dtype="<i8", count=len(value)).tobytes()
        yield "".join(value).encode()
    else:
        for item in value:
            yield from _parts("", item)


def _array(values: np.ndarray[Any, Any]) -> bytes:
    if values.dtype.kind != "f":
        return values.astype("<i4").tobytes()
    plain = values.astype("<f8")
    plain[np.isnan(plain)] = np.nan
    return f"{plain.shape}".encode() + plain.tobytes()


def _scalar(value: object) -> bytes:
    return f"{type(value).__name__}:{value!r}".encode()
