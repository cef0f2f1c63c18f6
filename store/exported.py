"""The audit chain as JSON Lines: one record a line, in order, checked without any store."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import msgspec
import orjson

from shardwright.store import codes
from shardwright.store.chain import NOTHING, Break, Link, as_json, first_break
from shardwright.store.faults import fault, of_engine
from shardwright.store.rows import AuditRow


def export_lines(rows: Iterable[AuditRow]) -> Iterator[bytes]:
    """A line for each record; what `digest` hashes is the line without `hash`, its keys sorted."""
    for row in rows:
        yield orjson.dumps(as_json(row), option=orjson.OPT_APPEND_NEWLINE)


def read_export(name: str) -> list[AuditRow]:
    """The records of an export; raises where a line is none."""
    try:
        lines = Path(name).read_bytes().splitlines()
    except OSError as error:
        raise of_engine(error, name) from None
    rows = []
    for number, line in enumerate(lines, start=1):
        try:
            rows.append(msgspec.json.decode(line, type=AuditRow))
        except msgspec.MsgspecError as error:
            message = f"line {number} of `{name}` is no audit record"
            raise fault(codes.BROKEN_CHAIN, message, notes=[str(error)]) from None
    return rows


def verify_export(rows: Sequence[AuditRow], noted: Link | None = None) -> tuple[Break | None, Link]:
    """The first record that is not as written, and the last one of all."""
    if not rows:
        return None, Link()
    first, last = rows[0].number, Link(rows[-1].number, rows[-1].hash)
    start = Link(first - 1, NOTHING if first == 1 else rows[0].previous)
    records = ((start.number + at, row) for at, row in enumerate(rows, start=1))
    found = first_break(records, start, last)
    if found is None and noted is not None and first <= noted.number:
        there = {row.number: row.hash for row in rows}.get(noted.number)
        if there is None:
            found = Break(
                last.number + 1, f"it is missing, and so are all up to the noted record {noted.number}"
            )
        elif there != noted.hash:
            found = Break(noted.number, "it has another hash than the noted one")
    return found, last
