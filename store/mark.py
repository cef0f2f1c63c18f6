"""How far a store had come, noted beside its database: what RocksDB cannot tell when its own files go back.

A manifest that lost its end opens as an older state, or as an empty one, and nothing in it says so. The mark
is a lower bound: it is written when a store is made and whenever a writer closes it, of what is durable.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Sequence
from pathlib import Path

import orjson

from shardwright.store import codes
from shardwright.store.chain import Link
from shardwright.store.engine import AUDIT, Reader
from shardwright.store.faults import BACK, StoreError, fault
from shardwright.store.verify import kept_from
from shardwright.store.writing import head_of

NAME = "mark.json"


def marked(folder: Path) -> Link | None:
    """The record that the mark names; None where there is no mark (or none that can be read)."""
    try:
        found = orjson.loads((folder / NAME).read_bytes())
        return Link(int(found["number"]), str(found["hash"]))
    except (OSError, ValueError, KeyError, TypeError):
        return None


def set_mark(folder: Path, reader: Reader) -> None:
    """Note the last record. Where it cannot be written the older mark stays, and is as true as it was."""
    head, _ = head_of(reader)
    draft = folder / f".{NAME}"
    with contextlib.suppress(OSError):
        draft.write_bytes(orjson.dumps({"number": head.number, "hash": head.hash}))
        os.replace(draft, folder / NAME)


def refuse_older(folder: Path, reader: Reader) -> None:
    """Raises where a store has not come as far as its mark says."""
    mark = marked(folder)
    if mark is None:
        return
    head, _ = head_of(reader)
    row = reader.get(AUDIT, mark.number)
    found = row.hash if row is not None else kept_from(reader).hash
    let_go = mark.number < kept_from(reader).number
    if not let_go and (head.number < mark.number or found != mark.hash):
        raise behind(folder, head.number, mark)


def behind(folder: Path, number: int, mark: Link, notes: Sequence[str] = ()) -> StoreError:
    return fault(
        codes.DAMAGED,
        f"the store in `{folder}` is damaged: it had come to change {mark.number}, and ends at {number}",
        notes=notes,
        helps=[BACK],
    )
