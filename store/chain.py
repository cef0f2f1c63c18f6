"""The audit chain: every record carries the hash of the one before, so none can change, go or move unseen.

A record's hash is the SHA-256 (hex) of its JSON without `hash`: keys sorted, no white space, UTF-8. The first
record's `previous` is 64 zeros. Anybody can check an export with a few lines of any language.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import msgspec
import orjson

from shardwright.store.rows import AuditRow, Row

NOTHING = "0" * 64


@dataclass(frozen=True)
class Link:
    """A record's number and hash; number 0 stands before the first record."""

    number: int = 0
    hash: str = NOTHING


@dataclass(frozen=True)
class Break:
    """The first record that is not as it was written: `number`, and what is wrong with it in words."""

    number: int
    why: str


def seal(record: dict[str, Any]) -> AuditRow:
    """A record with its hash; `record` has every other column."""
    return msgspec.convert({**record, "hash": digest(record)}, AuditRow)


def digest(record: dict[str, Any]) -> str:
    text = orjson.dumps(record, option=orjson.OPT_SORT_KEYS)
    return hashlib.sha256(text).hexdigest()


def row_hash(row: Row) -> str:
    """The digest of all columns of a row."""
    return digest({column: getattr(row, column) for column in row.__struct_fields__})


def as_json(row: AuditRow) -> dict[str, Any]:
    """A record as it is exported, `hash` last."""
    return {field: getattr(row, field) for field in row.__struct_fields__}


def first_break(records: Iterable[tuple[int, AuditRow | None]], start: Link, head: Link) -> Break | None:
    """The first record after `start` that is not as written, up to `head`; None where all are.

    `records` are pairs of the number under which a record was looked for and what stands there.
    """
    before = start
    for number, row in records:
        why = _fault(number, row, before)
        if why is not None:
            return Break(number, why)
        assert row is not None
        before = Link(row.number, row.hash)
    if before != head:
        return Break(head.number, "it is not the record that the store wrote last")
    return None


def _fault(number: int, row: AuditRow | None, before: Link) -> str | None:
    if row is None:
        return "it is missing"
    if row.number != number:
        return f"record {row.number} stands in its place"
    if row.hash != digest({name: value for name, value in as_json(row).items() if name != "hash"}):
        return "it was changed: its content does not have its hash"
    if row.previous != before.hash:
        return f"it does not follow record {before.number}: one of the two was replaced"
    return None
