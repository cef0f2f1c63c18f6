"""JSON Lines: a head, then one {"node": ...} or {"shard": ...} to a line.

The pointers of faults are those of the same snapshot as one document: /shards/0 is the first shard line.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import msgspec

from shardwright.cluster import codes
from shardwright.cluster.faults import Faults
from shardwright.cluster.positions import Positions, Tokens, locate
from shardwright.cluster.reading import explain, parse, text_of
from shardwright.cluster.shapes import check_shape
from shardwright.cluster.snapshot import Head, Line, NodeRow, ShardRow, Snapshot
from shardwright.cluster.twins import has_twins, note_twins
from shardwright.grammar.places import Source
from shardwright.grammar.tree import pointer, pointer_tokens


def decode_lines(data: bytes, name: str) -> Snapshot:
    """A JSON Lines snapshot; every fault in its shape in one DiagnosticError."""
    rows = [row for row in data.split(b"\n") if row.strip()]
    try:
        head = msgspec.json.decode(rows[0] if rows else b"{}", type=Head)
        lines = msgspec.json.Decoder(Line).decode_lines(b"\n".join(rows[1:]))
        sound = not has_twins(b"[" + b",".join(rows) + b"]")
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        _refuse_lines(data, name)
        explain(error, Source(name, text_of(data, name)))
    nodes = [line.node for line in lines if line.node is not None]
    shards = [line.shard for line in lines if line.shard is not None]
    if not sound or len(nodes) + len(shards) != len(lines):
        _refuse_lines(data, name)
    parts = {key: getattr(head, key) for key in Head.__struct_fields__}
    return Snapshot(**parts, nodes=nodes, shards=shards)


@dataclass(frozen=True)
class _Row:
    """A line with its offset; `path` is its thing's in the whole document, `key` the key that holds it."""

    start: int
    text: str
    value: object
    path: tuple[str, ...]
    key: str


def _rows(source: Source) -> Iterator[_Row]:
    start, counts = 0, {"node": 0, "shard": 0, "line": 0}
    for text in source.text.split("\n"):
        if text.strip():
            value = parse(text, source, start)
            key = _key(value) if counts["line"] else "head"
            path = () if key == "head" else (f"{key}s", str(counts[key]))
            yield _Row(start, text, value, path, key)
            counts["line"] += 1
            counts[key] = counts.get(key, 0) + (key in ("node", "shard"))
        start += len(text) + 1


def _key(value: object) -> str:
    keys = list(value) if isinstance(value, dict) else []
    return str(keys[0]) if keys in (["node"], ["shard"]) else "line"


def _refuse_lines(data: bytes, name: str) -> None:
    source = Source(name, text_of(data, name))
    faults = Faults()
    for row in _rows(source):
        _check_row(row, faults)
    faults.raise_if_any(source, locate_lines)


def _check_row(row: _Row, faults: Faults) -> None:
    note_twins(row.text, faults, row.path, int(row.key in ("node", "shard")))
    if row.key == "line":
        faults.add(codes.WRONG_KIND, pointer(*row.path), 'a line must be {"node": ...} or {"shard": ...}')
    elif row.key == "head":
        check_shape(row.value, Head, faults)
    elif isinstance(row.value, dict):
        check_shape(row.value[row.key], NodeRow if row.key == "node" else ShardRow, faults, row.path)


def locate_lines(source: Source, pointers: list[str]) -> dict[str, Positions]:
    """The positions of pointers into the snapshot that the lines of a source make up."""
    found: dict[str, Positions] = {}
    wanted = [tuple(pointer_tokens(text)) for text in pointers]
    for row in _rows(source):
        below = [tokens for tokens in wanted if tokens[: len(row.path)] == row.path]
        if below:
            found.update(_locate_row(source.text, row, below))
    return found


def _locate_row(text: str, row: _Row, wanted: list[Tokens]) -> dict[str, Positions]:
    inner = () if row.key in ("head", "line") else (row.key,)
    places = locate(text, [(*inner, *tokens[len(row.path) :]) for tokens in wanted], row.start)
    depth = len(pointer(*inner))
    return {
        pointer(*row.path) + local[depth:]: at
        for local, at in places.items()
        if local.startswith(pointer(*inner))
    }
