"""The format of a store: made once, checked at every start, raised by steps that are one commit each."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from shardwright.store import codes
from shardwright.store.changes import By
from shardwright.store.engine import META, Batch, Engine, Reader
from shardwright.store.faults import StoreError, fault
from shardwright.store.rows import MetaRow
from shardwright.store.writing import append

FORMAT = "format"
CURRENT = 1

# What makes a store of one format into one of the next. A step adds its changes to the batch that also
# writes the new number, so that a crash leaves the one or the other.
Step = Callable[[Reader, Batch], None]
STEPS: Mapping[int, Step] = {}


def format_of(reader: Reader) -> int | None:
    """The format's number; None in a store that nothing was ever written to."""
    row = reader.get(META, FORMAT)
    return None if row is None else int(row.value)


def found(engine: Engine, by: By) -> None:
    """Give an empty store its format and its first audit record."""

    def work(reader: Reader) -> Batch:
        batch = Batch()
        if format_of(reader) is None:
            batch.put(META, MetaRow(key=FORMAT, value=CURRENT))
            append(reader, batch, by, "store created", details={"format": CURRENT})
        return batch

    engine.commit(work)


def refuse_other(reader: Reader, folder: str, current: int = CURRENT) -> None:
    """Raises where a store has a format that this version does not read."""
    number = format_of(reader)
    if number is None or number == current:
        return
    if number > current:
        raise newer(folder, number, current)
    raise fault(
        codes.FORMAT,
        f"the store in `{folder}` has format {number}, this version of Shardwright uses {current}",
        helps=[
            f"`shardwright store upgrade --store {folder}` makes it so, in one step that cannot be half done"
        ],
    )


def newer(folder: str, number: int, current: int) -> StoreError:
    return fault(
        codes.FORMAT,
        f"the store in `{folder}` has format {number}, this version of Shardwright knows up to {current}",
        helps=["use the version of Shardwright that wrote it, or a newer one; nothing was changed"],
    )


def upgrade(
    engine: Engine, folder: str, by: By, steps: Mapping[int, Step] = STEPS, current: int = CURRENT
) -> list[int]:
    """Raise a store to the current format; the formats that it went through, without the first."""
    passed: list[int] = []
    while (number := format_of(engine)) is not None and number != current:
        if number > current:
            raise newer(folder, number, current)
        engine.commit(lambda reader, number=number: _step(reader, number, steps[number], by))  # type: ignore[misc]
        passed.append(number + 1)
    return passed


def _step(reader: Reader, number: int, step: Step, by: By) -> Batch:
    batch = Batch()
    step(reader, batch)
    batch.put(META, MetaRow(key=FORMAT, value=number + 1))
    append(reader, batch, by, "store upgraded", details={"from": number, "format": number + 1})
    return batch
