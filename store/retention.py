"""Old audit records and executions are let go on request, and that is a change with a record of its own."""

from __future__ import annotations

from shardwright.store import codes
from shardwright.store.chain import Link
from shardwright.store.changes import By
from shardwright.store.engine import (
    AUDIT,
    CONTENTS,
    EXECUTIONS,
    META,
    POLICIES,
    POLICY_EXECUTIONS,
    Batch,
    Reader,
)
from shardwright.store.faults import fault
from shardwright.store.rows import MetaRow
from shardwright.store.verify import EXECUTIONS_PRUNED, KEPT, PRUNED, kept_from
from shardwright.store.writing import append, head_of


def let_go_audit(reader: Reader, through: int, by: By) -> tuple[Batch, int]:
    """Without the records up to `through`; the chain is then checked from that one's hash on."""
    batch = Batch()
    start, (head, _) = kept_from(reader), head_of(reader)
    last = reader.get(AUDIT, through) if start.number < through <= head.number else None
    if last is None:
        raise fault(
            codes.UNKNOWN_VERSION,
            f"the store has the audit records {start.number + 1} to {head.number}; {through} is none of them",
        )
    for number in range(start.number + 1, through + 1):
        batch.delete(AUDIT, number)
    link = Link(last.number, last.hash)
    batch.put(META, MetaRow(key=KEPT, value={"number": link.number, "hash": link.hash}))
    details = {"from": start.number + 1, "through": through, "hash": link.hash}
    append(reader, batch, by, PRUNED, details=details)
    return batch, through - start.number


def let_go_executions(reader: Reader, before: str, by: By) -> tuple[Batch, int]:
    """Without the executions that were completed before a time, and what only they needed."""
    batch = Batch()
    used: set[str] = set()
    gone = []
    for row in reader.scan(EXECUTIONS):
        if row.completed_at < before:
            gone.append(row)
        else:
            used |= {row.snapshot, row.result}
    for row in gone:
        batch.delete(EXECUTIONS, row.id)
        for name in row.policies:
            policy = reader.get(POLICIES, name)
            if policy is not None:
                batch.delete(POLICY_EXECUTIONS, policy.id, row.id)
    for content in sorted({hash for row in gone for hash in (row.snapshot, row.result)} - used):
        batch.delete(CONTENTS, content)
    if gone:
        details = {"before": before, "executions": [row.id for row in gone]}
        append(reader, batch, by, EXECUTIONS_PRUNED, details=details)
    return batch, len(gone)
