"""Faults in what a snapshot says, once its shape is right: ids, names, references, capacities."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from string import digits
from typing import Any

import msgspec

from shardwright.cluster import codes
from shardwright.cluster.building import names_in
from shardwright.cluster.faults import SHOWN, Faults
from shardwright.cluster.snapshot import NodeRow, ShardRow, Snapshot
from shardwright.grammar.tree import pointer

GONE = 'if the node is gone, keep it in `nodes` with `"state": "down"`, and its replicas go elsewhere'

_WITHOUT_DIGITS = str.maketrans("", "", digits)


def check_facts(snapshot: Snapshot, resources: Sequence[str], faults: Faults) -> None:
    """Note everything that keeps a snapshot from being a cluster with these resources."""
    _check_time(snapshot, faults)
    _check_texts(snapshot, faults)
    _check_ids("nodes", snapshot.nodes, faults)
    _check_ids("shards", snapshot.shards, faults)
    if snapshot.resources is not None:
        _check_resources(snapshot, resources, faults)
    _check_placements(snapshot, faults)
    _check_capacities(snapshot, resources, faults)


def _check_time(snapshot: Snapshot, faults: Faults) -> None:
    if snapshot.taken_at is None:
        return
    try:
        sound = datetime.fromisoformat(snapshot.taken_at).tzinfo is not None
    except ValueError:
        sound = False
    if not sound:
        message = f"`taken_at` must be a time such as `2026-11-01T00:00:00Z`, not `{snapshot.taken_at}`"
        faults.add(codes.WRONG_KIND, "/taken_at", message)


def _check_ids(kind: str, rows: Sequence[NodeRow | ShardRow], faults: Faults) -> None:
    if len({row.id for row in rows}) == len(rows) and all(row.id for row in rows):
        return
    first: dict[str, int] = {}
    for at, row in enumerate(rows):
        here = pointer(kind, at, "id")
        if not row.id:
            faults.add(codes.UNUSABLE_TEXT, here, f"the id of a {kind[:-1]} must not be empty")
        elif row.id in first:
            before = pointer(kind, first[row.id])
            message = f"{kind[:-1]} `{row.id}` comes twice: the other is {before}"
            faults.add(codes.ID_TWICE, here, message, first=before)
        first.setdefault(row.id, at)


def _check_resources(snapshot: Snapshot, known: Sequence[str], faults: Faults) -> None:
    for kind, key in (("nodes", "capacity"), ("nodes", "safe"), ("shards", "load")):
        rows: list[Any] = getattr(snapshot, kind)
        unknown = set(names_in(getattr(row, key) for row in rows)) - set(known)
        for at, row in enumerate(rows) if unknown else ():
            for name in sorted(getattr(row, key).keys() & unknown):
                _unknown_resource(name, (kind, at, key), row.id, known, faults)


def _unknown_resource(
    name: str, path: tuple[str, int, str], owner: str, known: Sequence[str], faults: Faults
) -> None:
    here = pointer(*path, name)
    faults.add(
        codes.UNKNOWN_RESOURCE,
        here,
        f"{path[0][:-1]} `{owner}`: `{path[2]}` names `{name}`, which is not among `resources`",
        on_key=True,
        word=name,
        among=known,
        patch=lambda meant: {"op": "move", "from": here, "path": pointer(*path, meant)},
        known=list(known),
    )


def _check_placements(snapshot: Snapshot, faults: Faults) -> None:
    known = {row.id for row in snapshot.nodes}
    missed: set[str] = set()
    for at, row in enumerate(snapshot.shards):
        for index, replica in enumerate(row.placement):
            if replica.node not in known:
                advice = "" if replica.node in missed else GONE
                missed.add(replica.node)
                here = pointer("shards", at, "placement", index, "node")
                meant = _alike(replica.node, known) if len(faults.shown) < SHOWN else known
                note_unknown_node(replica.node, here, row.id, meant, faults, advice)


def note_unknown_node(
    node: str, here: str, shard: str, known: set[str], faults: Faults, advice: str = ""
) -> None:
    """A shard is said to be on a node that does not exist."""
    faults.add(
        codes.UNKNOWN_NODE,
        here,
        f"shard `{shard}` is placed on `{node}`, which is not a node of the snapshot",
        word=node,
        among=known,
        patch=lambda meant: {"op": "replace", "path": here, "value": meant},
        advice=advice,
    )


def _alike(node: str, known: set[str]) -> set[str]:
    """Names that it may be a misspelling of: beside `west-1`, `west-2` is none but another node."""
    letters = _letters(node)
    return set() if any(_letters(other) == letters for other in known) else known


def _letters(name: str) -> str:
    """`us-west-12` without its digits."""
    return name.translate(_WITHOUT_DIGITS)


def _check_capacities(snapshot: Snapshot, resources: Sequence[str], faults: Faults) -> None:
    loaded = [name for name in resources if any(row.load.get(name) for row in snapshot.shards)]
    for at, node in enumerate(snapshot.nodes):
        for name in loaded:
            if name not in node.capacity:
                here = pointer("nodes", at, "capacity")
                message = f"node `{node.id}` has no capacity for `{name}`, which shards load"
                faults.add(codes.NO_CAPACITY, here, message, node=node.id, resource=name)


def _check_texts(snapshot: Snapshot, faults: Faults) -> None:
    """NUL cuts names short in the logic, half a surrogate pair cannot be written down at all."""
    try:
        if b"\\u0000" not in msgspec.json.encode(snapshot):
            return
    except UnicodeEncodeError:
        pass
    for path, text in _texts(msgspec.to_builtins(snapshot), ()):
        if not _clean(text):
            message = f"{text!a} holds a character that a name cannot have"
            faults.add(codes.UNUSABLE_TEXT, pointer(*path), message)


def _clean(text: str) -> bool:
    return "\0" not in text and not any("\ud800" <= char <= "\udfff" for char in text)


def _texts(value: Any, path: tuple[str | int, ...]) -> Iterator[tuple[tuple[str | int, ...], str]]:
    if isinstance(value, str):
        yield path, value
    elif isinstance(value, dict):
        for key, item in value.items():
            yield (*path, key), key
            yield from _texts(item, (*path, key))
    elif isinstance(value, list):
        for at, item in enumerate(value):
            yield from _texts(item, (*path, at))
