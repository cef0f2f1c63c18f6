"""Does everything stand as it was written? The chain, and what its records say of versions and executions."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from shardwright.store import codes
from shardwright.store.chain import Break, Link, first_break, row_hash
from shardwright.store.engine import AUDIT, CONTENTS, EXECUTIONS, META, POLICIES, VERSIONS, Reader
from shardwright.store.faults import StoreError, fault
from shardwright.store.rows import AuditRow
from shardwright.store.writing import hash_of, head_of

PRUNED = "audit pruned"
EXECUTIONS_PRUNED = "executions pruned"
KEPT = "audit_kept_from"  # where the chain begins after old records were let go


def kept_from(reader: Reader) -> Link:
    """The record after which the chain begins."""
    row = reader.get(META, KEPT)
    return Link(row.value["number"], row.value["hash"]) if row else Link()


def verify(reader: Reader, expected: Link | None = None) -> Break | None:
    """The first record that is not as it was written, or does not fit what it speaks of."""
    start, (head, _) = kept_from(reader), head_of(reader)
    found = first_break(_records(reader, start.number, head.number), start, head)
    found = found or _beyond(reader, head) or _unexpected(reader, expected, start, head)
    found = found or _beheaded(reader, start)
    return found or next(_misfits(reader, start.number), None)


def _records(reader: Reader, start: int, end: int) -> Iterator[tuple[int, AuditRow | None]]:
    """What stands under each number; a row that cannot be read stands for one that is not there."""
    for number in range(start + 1, end + 1):
        try:
            yield number, reader.get(AUDIT, number)
        except StoreError:
            yield number, None


def _beyond(reader: Reader, head: Link) -> Break | None:
    for row in reader.scan(AUDIT, start=(head.number + 1,)):
        return Break(row.number, f"the store's last record is {head.number}: this one was added")
    return None


def _beheaded(reader: Reader, start: Link) -> Break | None:
    """Old records may be let go, but the chain says so itself."""
    said = Link()
    for record in reader.scan(AUDIT, start=(start.number + 1,)):
        if record.action == PRUNED:
            said = Link(record.details["through"], record.details["hash"])
    if said == start:
        return None
    return Break(start.number + 1, "those before it were taken away, and no record says so")


def _unexpected(reader: Reader, expected: Link | None, start: Link, head: Link) -> Break | None:
    if expected is None or expected.number < start.number:
        return None
    if expected.number > head.number:
        return Break(
            head.number + 1, f"it is missing, and so are all up to the noted record {expected.number}"
        )
    row = reader.get(AUDIT, expected.number)
    found = start.hash if expected.number == start.number else row.hash if row else ""
    return (
        None if found == expected.hash else Break(expected.number, "it has another hash than the noted one")
    )


def _misfits(reader: Reader, start: int) -> Iterator[Break]:
    """Versions, executions and policies that are not what their audit records say."""
    newest: dict[str, dict[str, Any]] = {}
    let_go = _let_go(reader, start)
    for record in reader.scan(AUDIT, start=(start + 1,)):
        for subject in record.subjects:
            why = _misfit(reader, record, subject, let_go)
            if why is not None:
                yield Break(record.number, why)
            if "policy" in subject:
                newest[subject["policy"]] = {**subject, "number": record.number}
    for name, subject in sorted(newest.items()):
        row = reader.get(POLICIES, name)
        if row is None or (row.version, row.state) != (subject["version"], subject["state"]):
            yield Break(subject["number"], f"policy `{name}` is not at the version that it made")
        elif row.hash != subject["hash"] or hash_of(row.definition) != row.hash:
            yield Break(subject["number"], f"policy `{name}` was changed: its text does not have its hash")


def _let_go(reader: Reader, start: int) -> set[int]:
    """The executions that retention took away."""
    records = reader.scan(AUDIT, start=(start + 1,))
    pruned = [record.details for record in records if record.action == EXECUTIONS_PRUNED]
    return {number for details in pruned for number in details["executions"]}


def _misfit(reader: Reader, record: AuditRow, subject: dict[str, Any], let_go: set[int]) -> str | None:
    if "policy" in subject:
        return _version_misfit(reader, record, subject["policy"], subject)
    if "execution" in subject and subject["execution"] not in let_go:
        return _execution_misfit(reader, subject)
    return None


def _version_misfit(reader: Reader, record: AuditRow, name: str, subject: dict[str, Any]) -> str | None:
    policy = reader.get(POLICIES, name)
    number = subject["version"]
    row = reader.get(VERSIONS, policy.id, number) if policy else None
    if row is None:
        return f"version {number} of `{name}` that it made is missing"
    made = {"hash": row.hash, "state": row.state, "version": row.version, "policy": row.name}
    if hash_of(row.definition) != row.hash or any(subject[key] != made[key] for key in made):
        return f"version {number} of `{name}` that it made was changed"
    told = (record.number, record.at, record.actor, record.reason, record.details.get("overrides", []))
    if (row.number, row.created_at, row.author, row.reason, list(row.overrides)) != told:
        return f"version {number} of `{name}` says another who, when or why"
    return None


def _execution_misfit(reader: Reader, subject: dict[str, Any]) -> str | None:
    row = reader.get(EXECUTIONS, subject["execution"])
    if row is None:
        return f"execution {subject['execution']} that it made is missing"
    if "row" in subject and subject["row"] != row_hash(row):
        return f"execution {row.id} that it made was changed"
    for key in ("result", "snapshot"):
        if getattr(row, key) != subject[key]:
            return f"execution {row.id} that it made was changed"
        content = reader.get(CONTENTS, subject[key])
        if content is None:
            return f"the {key} of execution {row.id} is missing"
        if not content_intact(content.hash, content.data):
            return f"the {key} of execution {row.id} was changed"
    return None


def content_intact(hash: str, data: bytes) -> bool:
    """Whether compressed bytes unfold to what has the hash."""
    import hashlib
    import zlib

    try:
        return hashlib.sha256(zlib.decompress(data)).hexdigest() == hash
    except zlib.error:
        return False


def broken_chain(where: str, found: Break) -> StoreError:
    """The error that names the first bad record."""
    return fault(
        codes.BROKEN_CHAIN,
        f"audit record {found.number} of `{where}` is not as it was written: {found.why}",
        notes=[f"the records before it are as they were written, up to {found.number - 1}"]
        if found.number > 1
        else [],
        helps=["compare with a backup or an export: `shardwright audit verify --store BACKUP`"],
        record=found.number,
    )
